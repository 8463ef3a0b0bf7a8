"""Fields that carry a promise: region codes sort by byte, personal data goes through one class each."""

import json
from typing import Any

from django.db import models

from yingjin.basics.identity import clean, to18


class RegionCodeField(models.CharField):
    """A region's code: 2, 4, 6, 9 or 12 digits whose prefix is the tree; sorted by byte on every database (D7, D8)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Return the column's type, with the C collation on PostgreSQL so that a range uses the index."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SortKeyField(RegionCodeField):
    """Text that is searched by range from its beginning (pinyin, initials, keys)."""


class IdentityNumberField(models.CharField):
    """A person's identity number as the register wrote it. The one place where it will be encrypted (D9)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)


class BlindIndexField(models.CharField):
    """What an identity number is found by, equality only. The one place where it will be keyed (D9).

    Today it holds the valid 18-character form, or the number as cleaned when it is not valid.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """Return the index of a number, whatever way it was written."""
        text = super().get_prep_value(value)
        return text if not text else blind_index(text)


def blind_index(number: str) -> str:
    """Return what a number is found by."""
    return to18(number) or clean(number)[:64]


class PayloadField(models.TextField):
    """A landed row or an explanation, kept whole as JSON text. The one place where it will be encrypted (D5)."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the Python value behind the stored text."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """Return the Python value behind text read from a form or a fixture."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the text to store."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
