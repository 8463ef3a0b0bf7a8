"""
The frozen shapes that pages are given, as the models of answers.

What a page is given is in the reader's language already, whatever its name says: `title_zh` of a page is `title` here.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from django.utils.functional import Promise
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

CHINESE_MARK = "_zh"
TAKEN = {"register": "by_register", "fields": "provenance"}  # names pydantic's models have for something else
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, Promise) else value)]


class Out(BaseModel):
    """An answer, or a part of one, read from what a query returned."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


@cache
def shaped(shape: type, *, without: tuple[str, ...] = (), name: str = "") -> type[Out]:
    """Return the model of a frozen dataclass, its parts included."""
    hints = get_type_hints(shape)
    own: dict[str, Any] = {}
    for field in fields(shape):
        if field.name not in without:
            plain = field.name.removesuffix(CHINESE_MARK)
            own[TAKEN.get(plain, plain)] = (_typed(hints[field.name]), Field(validation_alias=field.name))
    model = create_model(name or shape.__name__.strip("_"), __base__=Out, **own)
    model.__doc__ = shape.__doc__
    return model


def _typed(hint: Any) -> Any:
    """Return the type of a field as pydantic reads it."""
    if hint is str:
        return Text
    if isinstance(hint, type) and is_dataclass(hint):
        return shaped(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kept = [_typed(each) for each in inner if each is not Promise]
        return kept[0] if len(kept) == 1 else Union[tuple(kept)]  # noqa: UP007
    if origin in (list, Sequence) or (origin is tuple and inner[-1] is Ellipsis):
        return list[_typed(inner[0])]  # type: ignore[misc]
    if origin is tuple:
        return tuple[tuple(_typed(each) for each in inner)]  # type: ignore[misc]
    if origin in (dict, Mapping):
        return dict[_typed(inner[0]), _typed(inner[1])]  # type: ignore[misc]
    return hint
