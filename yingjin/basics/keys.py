"""
The keys of one installation, behind one provider (D9).

* provider        the keys in use: a file beside the data, or what a hardware module will one day offer the same way
* KeyProvider     what a provider answers
* FileKeys        keys in one file of mode 0600, made at first use

The file is JSON: `keys` seal (one of them is `current`), `index` keys find. It is never in the database, and a
backup keeps it apart from the data: whoever holds only one of the two reads nothing.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from django.conf import settings

from yingjin.basics.errors import Conflict, NotFound

KEY_BYTES = 32
PRIVATE = 0o600
SECONDS_BETWEEN_LOOKS = 1.0
FORMAT = 1


class KeyMissing(NotFound):
    """A key that something was sealed with is not here."""

    code = "key_missing"

    def __init__(self, key_id: str, where: str) -> None:
        super().__init__(
            f"密钥 {key_id} 不在 {where} 里，用它加密的内容打不开。请把与这份数据配套的密钥文件放回原处，再试一次。",
            f"Key {key_id} is not in {where}, so what it sealed cannot be opened. Put back the key file that "
            "belongs to this data, then try again.",
            key_id=key_id,
            where=where,
        )


class KeyFileUnreadable(Conflict):
    """The key file is there, but what it holds are not keys."""

    code = "key_file_unreadable"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} 里读不出密钥：文件不完整，或者不是应尽的密钥文件。请从单独保存的备份里把它放回原处。",
            f"{where} cannot be read as keys: it is incomplete, or no key file of yingjin. Put it back from the "
            "backup that is kept apart.",
            where=where,
        )


class KeyProvider(Protocol):
    """Gives keys by their ids. An id is eight hexadecimal digits; a key is 32 bytes."""

    def current(self) -> str:
        """Return the id of the key that seals what is written now."""

    def key(self, key_id: str) -> bytes:
        """Return a key that seals. Errors: KeyMissing."""

    def index_ids(self) -> tuple[str, ...]:
        """Return the ids of the keys that find: the one written now first, then those still being replaced."""

    def index_key(self, key_id: str) -> bytes:
        """Return a key that finds. Errors: KeyMissing."""


class FileKeys:
    """Keys in one file of mode 0600, made at first use. A change by another command is seen within a second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: dict[str, Any] = {}
        self._bytes: dict[tuple[str, str], bytes] = {}
        self.made: dict[
            bytes, Any
        ] = {}  # what was made of these keys, by what asked for it; gone when they change
        self._stamp: tuple[int, int] | None = None
        self._looked_at = 0.0

    def current(self) -> str:
        """Return the id of the key that seals what is written now."""
        return str(self._keys()["current"])

    def key_ids(self) -> tuple[str, ...]:
        """Return the ids of all keys that seal or have sealed, the one in use first."""
        held = self._keys()
        return (held["current"], *(each for each in held["keys"] if each != held["current"]))

    def key(self, key_id: str) -> bytes:
        """Return a key that seals. Errors: KeyMissing."""
        return self._key_of("keys", key_id)

    def index_ids(self) -> tuple[str, ...]:
        """Return the ids of the keys that find: the one written now first, then those still being replaced."""
        held = self._keys()
        now = held["index_current"]
        return (now, *(each for each in held["index_keys"] if each != now))

    def index_key(self, key_id: str) -> bytes:
        """Return a key that finds. Errors: KeyMissing."""
        return self._key_of("index_keys", key_id)

    def begin_rotation(self) -> None:
        """Make a new key of each kind and use them from now on; the former ones still open and find."""
        held = self._look_again()
        for ids, current in (("keys", "current"), ("index_keys", "index_current")):
            fresh = _new_id(held[ids])
            held = {**held, ids: {**held[ids], fresh: _new_key()}, current: fresh}
        self._replace(held)

    def rotating(self) -> bool:
        """Say whether former keys are still held: a rotation has begun and not ended."""
        held = self._look_again()
        return len(held["keys"]) + len(held["index_keys"]) > 2

    def retire(self) -> int:
        """Forget all keys but those in use now; return how many went. Call it once nothing uses them."""
        held = self._look_again()
        kept = {
            **held,
            "keys": {held["current"]: held["keys"][held["current"]]},
            "index_keys": {held["index_current"]: held["index_keys"][held["index_current"]]},
        }
        self._replace(kept)
        return len(held["keys"]) + len(held["index_keys"]) - 2

    def _key_of(self, kind: str, key_id: str) -> bytes:
        if not self._held and not self.path.exists():
            raise KeyMissing(
                key_id, str(self.path)
            )  # what is asked for was never in a file that is yet to be made
        self._keys()
        if (kind, key_id) not in self._bytes:
            self._look_again()
        try:
            return self._bytes[kind, key_id]
        except KeyError:
            raise KeyMissing(key_id, str(self.path)) from None

    def made_of_present_keys(self) -> dict[bytes, Any]:
        """Return what was made of the keys as they are now."""
        if self._held:
            self._keys()
        return self.made

    def _keys(self) -> dict[str, Any]:
        """Return what the file holds, looking whether it changed at most once a second."""
        now = monotonic()
        if self._held and now - self._looked_at < SECONDS_BETWEEN_LOOKS:
            return self._held
        return self._look_again()

    def _look_again(self) -> dict[str, Any]:
        try:
            stamp = self._stamp_now()
        except FileNotFoundError:
            self._make()
            stamp = self._stamp_now()
        if stamp != self._stamp:
            self._held, self._stamp = self._read(), stamp
            self.made = {}
            self._bytes = {
                (kind, key_id): base64.b64decode(text)
                for kind in ("keys", "index_keys")
                for key_id, text in self._held[kind].items()
            }
        self._looked_at = monotonic()
        return self._held

    def _stamp_now(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_mtime_ns, found.st_ino

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            whole = held["format"] == FORMAT and held["current"] in held["keys"]
            whole = whole and held["index_current"] in held["index_keys"]
            every = [*held["keys"].values(), *held["index_keys"].values()]
            whole = whole and all(len(base64.b64decode(text, validate=True)) == KEY_BYTES for text in every)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeyFileUnreadable(str(self.path)) from None
        if not whole:
            raise KeyFileUnreadable(str(self.path))
        return dict(held)

    def _make(self) -> None:
        """Write the first keys; of several programs that start at once, the first one's stay."""
        one, index = _new_id(()), _new_id(())
        held = {
            "format": FORMAT,
            "current": one,
            "keys": {one: _new_key()},
            "index_current": index,
            "index_keys": {index: _new_key()},
        }
        new = self._written(held)
        try:
            os.link(new, self.path)
        except FileExistsError:
            pass  # another program was first
        finally:
            new.unlink()

    def _replace(self, held: dict[str, Any]) -> None:
        self._written(held).replace(self.path)
        self._look_again()

    def _written(self, held: dict[str, Any]) -> Path:
        """Write keys to a new file beside the real one and return it, safely on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.new")
        with open(new, "x", encoding="utf-8", opener=_private) as file:
            json.dump(held, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return new


def provider() -> FileKeys:
    """Return the keys of this installation: those in the file that the settings name."""
    return _file_keys(settings.KEY_FILE)


@cache
def _file_keys(path: Path) -> FileKeys:
    return FileKeys(path)


def _new_id(there: Iterable[str]) -> str:
    """Return an id whose first half no other has: indexes carry that half alone."""
    while True:
        made = secrets.token_hex(4)
        if all(each[:4] != made[:4] for each in there):
            return made


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)
