"""Read a rulebook's file: plain YAML without anchors, tags or repeated keys, and the digest of its bytes."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from yingjin.policy.errors import UnreadableRulebook

BYTES_MAX = 2_000_000
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(Loader):  # type: ignore[misc]
    """YAML's safe subset, less what lets a reader and the machine see different things."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.met: set[int] = set()

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Refuse aliases, which bring a node a second time: a value stands where it is used."""
        if id(node) in self.met:
            raise yaml.MarkedYAMLError(problem=f"{node.value}", problem_mark=node.start_mark)
        self.met.add(id(node))
        return super().construct_object(node, deep)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice: YAML would silently keep the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value}", problem_mark=key.start_mark)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_rulebook_file(path: Path) -> tuple[Any, str]:
    """Return the data of a rulebook file and the SHA-256 of its bytes. Errors: UnreadableRulebook."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise UnreadableRulebook(
            path.name,
            f"打不开（{error.strerror}）。查一查路径和权限。",
            f"cannot be opened ({error.strerror}). Check path and rights.",
        ) from None
    if len(content) > BYTES_MAX:
        raise UnreadableRulebook(
            path.name, "超过 2 MB，不像规则书。", "is larger than 2 MB, which no rulebook is."
        )
    return _parsed(content, path.name), hashlib.sha256(content).hexdigest()


def _parsed(content: bytes, name: str) -> Any:
    try:
        return yaml.load(content.decode("utf-8"), _PlainLoader)  # noqa: S506 (a safe loader)
    except UnicodeDecodeError:
        raise UnreadableRulebook(
            name, "不是 UTF-8 文字。另存为 UTF-8。", "is not UTF-8 text. Save it as UTF-8."
        ) from None
    except (yaml.MarkedYAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        problem = getattr(error, "problem", None) or str(error)
        raise UnreadableRulebook(
            name,
            f"第 {line} 行读不懂（{problem}）：要写成不带引用、不重复字段的 YAML。",
            f"line {line} cannot be read ({problem}): write plain YAML without aliases or repeated fields.",
        ) from None
    except yaml.YAMLError as error:
        raise UnreadableRulebook(name, f"读不懂：{error}。", f"cannot be read: {error}.") from None
