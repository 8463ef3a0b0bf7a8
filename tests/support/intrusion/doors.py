"""Every address there is, from the table of addresses itself: a page or an operation added later is here too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PLAIN = ("GET", "POST", "PUT", "DELETE")  # each address of a page is asked all of them: most answer 405
API = "api/"


@dataclass(frozen=True)
class Door:
    """An address with its blanks, and how it is asked."""

    name: str
    route: str  # as str.format fills it
    blanks: tuple[str, ...]
    methods: tuple[str, ...]
    fields: tuple[str, ...] = ()  # what an operation's body may hold

    @property
    def api(self) -> bool:
        """Say whether it is an operation of the API."""
        return self.route.startswith(API)

    def filled(self, keys: dict[str, str]) -> str:
        """Return the address with keys in its blanks."""
        return "/" + self.route.format(**keys)


def doors() -> list[Door]:
    """Return all addresses, each once."""
    described = _described()
    found = {door.route if door.api else door.name: door for door in _within(get_resolver(), "", described)}
    return list(found.values())


def _within(resolver: Any, before: str, described: dict[str, Any]) -> Iterator[Door]:
    for each in resolver.url_patterns:
        pattern = each.pattern
        route = before + str(pattern)
        if isinstance(each, URLResolver):
            yield from _within(each, route, described)
        elif isinstance(each, URLPattern):
            filled = route
            for blank in pattern.converters:
                filled = _with_blank(filled, blank)
            methods, fields = (
                _offered(described.get(f"/{filled}", {})) if filled.startswith(API) else (PLAIN, ())
            )
            yield Door(each.name or route, filled, tuple(_blanks(filled)), methods, fields)


def _with_blank(route: str, blank: str) -> str:
    before, _, after = route.partition(f":{blank}>")
    if not after and f"<{blank}>" in route:
        return route.replace(f"<{blank}>", "{" + blank + "}")
    return before[: before.rindex("<")] + "{" + blank + "}" + after


def _blanks(route: str) -> Iterator[str]:
    for part in route.split("{")[1:]:
        yield part.partition("}")[0]


def _described() -> dict[str, Any]:
    """Return what the API says of itself, every reference to a body replaced by its fields."""
    from yingjin.api.root import api

    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    return {
        path: {method: _fields(each, shapes) for method, each in operations.items()}
        for path, operations in schema["paths"].items()
    }


def _fields(operation: dict[str, Any], shapes: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for kind in operation.get("requestBody", {}).get("content", {}).values():
        shape = kind["schema"]
        if "$ref" in shape:
            shape = shapes[shape["$ref"].rpartition("/")[2]]
        found += shape.get("properties", {})
    return tuple(found)


def _offered(operations: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the methods of an operation, and two that most do not offer; and the fields of its bodies."""
    offered = [method.upper() for method in operations]
    return tuple(dict.fromkeys([*offered, "GET", "DELETE"])), tuple(
        dict.fromkeys(name for fields in operations.values() for name in fields)
    )
