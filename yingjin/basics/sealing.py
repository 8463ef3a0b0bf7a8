"""
Hide what a stolen file must not tell, and find it again (D5, D9).

* seal, unseal            a short value, bound to the place it belongs to
* key_id_of               which key a sealed value needs
* keyed_index             what a text is found by, equality only; keyed_indexes for many
* indexes                 the same under every key that finds, while keys are being replaced
* same_every_time         a short word sealed so that equal words look alike; unseal_same opens it
* digest_key              what makes a hash of hidden content say nothing to who may guess the content
* write_sealed, read_sealed, sealed_pieces    a whole file, of any size
* seal_file_anew          the same file with the present key
* sealed_file_head        which key a file needs and what it is sealed for

The place (`aad`) says table, column and key, as `table.column:key`; it is not kept in the value. A value moved
to another place, cut or altered is refused.

A sealed value is: version (1 byte), algorithm (1), key id (4), nonce (12), ciphertext, tag (16).
A sealed file is: a head (mark, version, algorithm, key id, salt of 16, length and text of its `aad`), then pieces
of 1 MiB, each sealed under a key of this file alone with its number and whether it is the last: a piece cut off,
added or put elsewhere is refused. Its `aad` stands readable in the head, so it holds keys and never names.
"""

import os
import secrets
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from yingjin.basics.errors import BadInput, Conflict
from yingjin.basics.keys import PRIVATE, provider
from yingjin.basics.seals import AES, HEAD, NONCE, SM4, TAG, VERSION, Seal, derived

ALGORITHMS = {"sm4": SM4, "aes": AES}
CIPHER_KEY_BYTES = {SM4: 16, AES: 32}
OVERHEAD = HEAD + NONCE + TAG
INDEX_ID, INDEX = 4, 32  # hexadecimal digits of the key's id and of the index itself

SAME = b"same every time "  # before the place of what is: never taken for what is sealed anew each time
REMEMBERED = 65_536

MARK = b"YINGJIN\x00"
FIXED = struct.Struct(">8sBB4s16sH")  # mark, version, algorithm, key id, salt, length of the aad
PIECE = 1024 * 1024


class UnknownCipher(BadInput):
    """The settings ask for a cipher we do not have."""

    code = "unknown_cipher"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"YINGJIN_CIPHER 写的是“{name}”，只能是 sm4（国密，默认）或 aes。请改正后重新启动。",
            f"YINGJIN_CIPHER says “{name}”; it is sm4 (the default) or aes. Correct it, then start again.",
            value=name,
        )


class NotOpened(Conflict):
    """A sealed value that does not belong where it stands, or was altered."""

    code = "not_opened"

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 的内容没有打开：它被改动过，或者不属于这个位置。请不要使用这条记录，用备份核对后再处理。",
            f"{place} was not opened: it was altered, or it does not belong to this place. Do not use this "
            "record; compare it with a backup first.",
            place=place,
        )


def seal(clear: bytes, *, aad: str) -> bytes:
    """Seal bytes for one place, with the key and the algorithm in use now."""
    return current_seal().seal(clear, aad.encode())


def unseal(sealed: bytes, *, aad: str) -> bytes:
    """Open sealed bytes of one place. Errors: KeyMissing, NotOpened."""
    if len(sealed) < OVERHEAD or sealed[0] != VERSION or sealed[1] not in CIPHER_KEY_BYTES:
        raise NotOpened(aad)
    opened = _seal_for(sealed[:HEAD])
    try:
        return opened.decrypted(sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :], aad.encode())
    except InvalidTag:
        raise NotOpened(aad) from None


def same_every_time(text: str, *, aad: str) -> str:
    """Return a text sealed so that it comes out the same each time for one place, as base64."""
    return _same(current_seal(), text, aad)


def same_under_every_key(text: str, *, aad: str) -> tuple[str, ...]:
    """Return the same under every key and cipher that may have sealed it, the present one first."""
    now, keys = current_seal(), provider().key_ids()
    seals = [seal_of(algorithm, key_id) for key_id in keys for algorithm in CIPHER_KEY_BYTES]
    return tuple(dict.fromkeys(_same(each, text, aad) for each in [now, *seals]))


def unseal_same(sealed: str, *, aad: str) -> str:
    """Open a text sealed the same each time. Errors: KeyMissing, NotOpened."""
    try:
        head = b64decode(sealed[:8], validate=True)
        seal_of(head[1], head[2:].hex())  # a retired key opens nothing, whatever is remembered here
    except (ValueError, IndexError, KeyError):
        raise NotOpened(aad) from None
    return _opened_same(sealed, aad)


@lru_cache(maxsize=REMEMBERED)
def _same(by: Seal, text: str, aad: str) -> str:
    made = by.chooses.copy()
    made.update(len(aad.encode()).to_bytes(4, "big") + aad.encode() + text.encode())
    nonce = made.finalize()[:NONCE]
    return b64encode(by.head + nonce + by.encrypted(nonce, text.encode(), SAME + aad.encode())).decode()


@lru_cache(maxsize=REMEMBERED)
def _opened_same(sealed: str, aad: str) -> str:
    return unseal(b64decode(sealed), aad=SAME.decode() + aad).decode()


def digest_key() -> bytes:
    """Return the key of hashes whose content could be guessed; it changes with the keys that find."""
    keys = provider()
    return _digest_key(keys.index_key(keys.index_ids()[0]))


@cache
def _digest_key(key: bytes) -> bytes:
    return derived(key, "digest", 32)


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that a sealed value needs; empty when it is none."""
    return bytes(sealed[2:HEAD]).hex() if len(sealed) >= HEAD else ""


def current_seal() -> Seal:
    """Return what seals now."""
    algorithm = ALGORITHMS.get(settings.CIPHER)
    if algorithm is None:
        raise UnknownCipher(settings.CIPHER)
    return seal_of(algorithm, provider().current())


def _seal_for(head: bytes) -> Seal:
    """Return the seal that a sealed value's beginning names. Errors: KeyMissing."""
    keys = provider()
    found: Seal | None = keys.made_of_present_keys().get(head)
    if found is None:
        found = seal_of(head[1], head[2:].hex())
        keys.made[head] = found
    return found


def seal_of(algorithm: int, key_id: str) -> Seal:
    """Return the seal of an algorithm and a key. Errors: KeyMissing."""
    keys = provider()
    return _seal(algorithm, key_id, keys.key(key_id))


@cache
def _seal(algorithm: int, key_id: str, key: bytes) -> Seal:
    return Seal(algorithm, key_id, derived(key, f"seal {algorithm}", CIPHER_KEY_BYTES[algorithm]))


def keyed_index(text: str, *, column: str) -> str:
    """Return what a text is found by in one column: equal texts have equal indexes, and nobody without the key says more.

    The first digits say which key it was made with. An empty text has an empty index.
    """
    if not text:
        return ""
    begun, made = _present_index(column)
    now = made.copy()
    now.update(text.encode())
    return begun + now.finalize().hex()[:INDEX]


def keyed_indexes(texts: Iterable[str], *, column: str) -> list[str]:
    """Return what many texts are found by in one column."""
    begun, made = _present_index(column)
    copy = made.copy
    found = []
    for text in texts:
        if text:
            now = copy()
            now.update(text.encode())
            found.append(begun + now.finalize().hex()[:INDEX])
        else:
            found.append("")
    return found


def _present_index(column: str) -> tuple[str, HMAC]:
    """Return how the indexes of a column begin and what makes them, held as long as the keys are the same."""
    keys, name = provider(), f"index {column}".encode()
    held: tuple[str, HMAC] | None = keys.made_of_present_keys().get(name)
    if held is None:
        key_id = keys.index_ids()[0]
        held = (key_id[:INDEX_ID], _keyed(keys.index_key(key_id), column))
        keys.made[name] = held
    return held


def indexes(text: str, *, column: str) -> tuple[str, ...]:
    """Return every index a text may be found by: one, or more while a key is being replaced."""
    return tuple(_index(text, key_id, column) for key_id in provider().index_ids()) if text else ("",)


def index_prefix() -> str:
    """Return how the indexes made now begin."""
    return provider().index_ids()[0][:INDEX_ID]


def _index(text: str, key_id: str, column: str) -> str:
    made = _keyed(provider().index_key(key_id), column).copy()
    made.update(text.encode())
    return key_id[:INDEX_ID] + made.finalize().hex()[:INDEX]


@cache
def _keyed(key: bytes, column: str) -> HMAC:
    return HMAC(derived(key, f"index {column}", 32), hashes.SM3())


class SealedHead(NamedTuple):
    """What the head of a sealed file says: which key it needs, what it is sealed for, and the head itself."""

    algorithm: int
    key_id: str
    salt: bytes
    aad: str
    raw: bytes


def write_sealed(path: Path, clear: bytes | Iterable[bytes], *, aad: str) -> None:
    """Write a sealed file of mode 0600, whole or not at all; what it held before is replaced."""
    path = Path(path)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with open(new, "xb", opener=_private) as file:
            for piece in _sealed(_even([clear] if isinstance(clear, bytes) else clear), aad):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def read_sealed(path: Path, *, aad: str) -> bytes:
    """Return what a sealed file holds. Errors: KeyMissing, NotOpened."""
    return b"".join(sealed_pieces(path, aad=aad))


def sealed_pieces(path: Path, *, aad: str) -> Iterator[bytes]:
    """Yield what a sealed file holds, piece by piece; only when all are through is it known to be whole.

    Errors: KeyMissing, NotOpened.
    """
    with open(path, "rb") as file:
        head = _head(file, place=aad)
        if head.aad != aad:
            raise NotOpened(aad)
        opened = _file_seal(head)
        number, piece = 0, file.read(PIECE + TAG)
        while True:
            after = file.read(PIECE + TAG)
            try:
                yield opened.decrypted(_piece_nonce(number, last=not after), piece, head.raw)
            except InvalidTag:
                raise NotOpened(aad) from None
            if not after:
                return
            number, piece = number + 1, after


def seal_file_anew(path: Path) -> None:
    """Seal a whole sealed file with the present key and cipher. Errors: KeyMissing, NotOpened."""
    aad = sealed_file_head(path).aad
    write_sealed(path, sealed_pieces(path, aad=aad), aad=aad)


def is_sealed_file(path: Path) -> bool:
    """Say whether a file begins as a sealed one does."""
    with open(path, "rb") as file:
        return file.read(len(MARK)) == MARK


def sealed_file_head(path: Path) -> SealedHead:
    """Return what the head of a sealed file says. Errors: NotOpened."""
    with open(path, "rb") as file:
        return _head(file, place=Path(path).name)


def _sealed(pieces: Iterator[bytes], aad: str) -> Iterator[bytes]:
    """Yield the head and the sealed pieces of a file."""
    now = current_seal()
    label = aad.encode()
    salt = secrets.token_bytes(16)
    raw = FIXED.pack(MARK, VERSION, now.algorithm, bytes.fromhex(now.key_id), salt, len(label)) + label
    made = _file_seal(SealedHead(now.algorithm, now.key_id, salt, aad, raw))
    yield raw
    number, piece = 0, next(pieces, b"")
    for after in pieces:
        yield made.encrypted(_piece_nonce(number, last=False), piece, raw)
        number, piece = number + 1, after
    yield made.encrypted(_piece_nonce(number, last=True), piece, raw)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one size, the last one shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        whole = len(waiting) - len(waiting) % PIECE
        for start in range(0, whole, PIECE):
            yield bytes(waiting[start : start + PIECE])
        del waiting[:whole]
    if waiting:
        yield bytes(waiting)


def _head(file: BinaryIO, *, place: str) -> SealedHead:
    fixed = file.read(FIXED.size)
    if len(fixed) < FIXED.size:
        raise NotOpened(place)
    mark, version, algorithm, key_id, salt, length = FIXED.unpack(fixed)
    label = file.read(length)
    if mark != MARK or version != VERSION or algorithm not in CIPHER_KEY_BYTES or len(label) < length:
        raise NotOpened(place)
    return SealedHead(algorithm, key_id.hex(), salt, label.decode(errors="replace"), fixed + label)


def _file_seal(head: SealedHead) -> Seal:
    """Return the seal of one file: its key comes from the salt in its head, so that piece numbers may be nonces."""
    key = provider().key(head.key_id)
    own = derived(key, f"file {head.algorithm} {head.salt.hex()}", CIPHER_KEY_BYTES[head.algorithm])
    return Seal(head.algorithm, head.key_id, own)


def _piece_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes((last,))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)
