"""Open many sealed texts one after the other: for long lists, where opening field by field is most of the work.

* Stored       a sealed field as a column of a query, unopened
* Opening      opens what was stored, for one batch of rows
"""

from binascii import a2b_base64
from collections.abc import Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import models
from django.db.models import ExpressionWrapper, F

from yingjin.basics.sealed_fields import SealedField
from yingjin.basics.sealing import HEAD, NONCE, OVERHEAD, NotOpened, Seal, _seal_for, unseal


class Stored(ExpressionWrapper):
    """What is stored of a sealed field, unopened, as a column of a query."""

    def __init__(self, name: str) -> None:
        super().__init__(F(name), models.TextField())


class Opening:
    """Opens what is stored of a model's sealed texts, for one batch of rows. Errors: KeyMissing, NotOpened."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self._opened = model, _opening()
        self._begun: dict[str, str] = {}

    def text(self, name: str, key: UUID, stored: str) -> str:
        """Return the text behind what is stored of a field in the row of a key."""
        if not stored:
            return stored
        place = f"{self._begun.get(name) or self._begin(name)}{key.hex}"
        try:
            return self._opened(a2b_base64(stored, strict_mode=True), place).decode()
        except ValueError:  # no base64
            raise NotOpened(place) from None

    def _begin(self, name: str) -> str:
        field = self.model._meta.get_field(name)
        assert isinstance(field, SealedField) and field.plain == {""}, f"{field} is no sealed text"
        self._begun[name] = field.place("")
        return self._begun[name]


def _opening() -> Callable[[bytes, str], bytes]:
    """Return what opens many values one after the other: like `unseal`, with the keys looked up once.

    Keep it for a batch and no longer: a key that goes meanwhile still opens. Errors of a call: KeyMissing, NotOpened.
    """
    seals: dict[bytes, Seal] = {}

    def opened(sealed: bytes, aad: str) -> bytes:
        seal = seals.get(sealed[:HEAD])
        if seal is None or len(sealed) < OVERHEAD:
            clear = unseal(sealed, aad=aad)
            seals[sealed[:HEAD]] = _seal_for(sealed[:HEAD])
            return clear
        try:
            return seal.decrypted(sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :], aad.encode())
        except InvalidTag:
            raise NotOpened(aad) from None

    return opened
