"""Files of outlines as they come: UTF-8 and JSON, then what the domain reads of them."""

import json
from collections.abc import Callable

from yingjin.registry.domain.boundary_file import BoundariesRead, read_boundaries


def read_geojson(content: bytes, known: Callable[[str], bool]) -> BoundariesRead:
    """Read the outlines of a file. Errors: none; what is wrong with it is in `problems`."""
    unread = BoundariesRead()
    try:
        return read_boundaries(json.loads(content.decode("utf-8-sig")), known)
    except UnicodeDecodeError:
        unread.refuse(
            0,
            "文件不是 UTF-8 编码。另存为 UTF-8 的 GeoJSON。",
            "The file is not UTF-8. Save it as GeoJSON in UTF-8.",
        )
    except (ValueError, RecursionError):
        unread.refuse(
            0,
            "文件不是完整的 JSON。用地图软件重新导出 GeoJSON。",
            "The file is no whole JSON. Export it as GeoJSON again.",
        )
    return unread
