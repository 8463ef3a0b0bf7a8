"""Where the next page begins: sealed, so that a caller can neither read nor make one; bound to list and caller.

The same place always has the same cursor, so that a page that has not changed keeps its ETag.
"""

import json
from typing import Any

from yingjin.api.errors import BadCursor
from yingjin.basics.errors import YingjinError
from yingjin.basics.sealing import same_every_time, unseal_same

LIMIT, LIMIT_MOST = 50, 200
FOR_ADDRESSES, FROM_ADDRESSES = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")


def cursor_after(place: list[Any], *, of: str) -> str:
    """Return the cursor of what comes after a place of a list."""
    sealed = same_every_time(json.dumps(place, ensure_ascii=False), aad=_aad(of))
    return sealed.translate(FOR_ADDRESSES).rstrip("=")


def place_of(cursor: str, *, of: str) -> list[Any]:
    """Return the place a cursor stands for. Errors: BadCursor."""
    try:
        sealed = cursor.translate(FROM_ADDRESSES) + "=" * (-len(cursor) % 4)
        place: list[Any] = json.loads(unseal_same(sealed, aad=_aad(of)))
    except (ValueError, YingjinError) as wrong:
        raise BadCursor from wrong
    return place


def list_name(request: Any, *filters: Any) -> str:
    """Return what binds a cursor to its caller, its list and the filters it was begun with."""
    return json.dumps([request.auth.client_id, request.path, [str(each) for each in filters]])


def _aad(of: str) -> str:
    return f"cursor:{of}"
