"""Fields that are searched by range, by byte on every database; they hide nothing (D7, D8)."""

from typing import Any

from django.db import models


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


class BeginningField(RegionCodeField):
    """The beginning of another column, `of`, as long as this one is: written with the row, so that it can be looked up."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Take it from the other column as that is now."""
        if self.of:
            setattr(model_instance, self.attname, getattr(model_instance, self.of)[: self.max_length])
        return super().pre_save(model_instance, add)
