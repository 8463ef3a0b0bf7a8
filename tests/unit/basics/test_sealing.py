"""Hidden values and files open only where they belong, and only with their key."""

import json
import os
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from yingjin.basics import sealing
from yingjin.basics.errors import YingjinError
from yingjin.basics.keys import FileKeys, KeyFileUnreadable, KeyMissing, provider
from yingjin.basics.sealing import (
    NotOpened,
    UnknownCipher,
    indexes,
    keyed_index,
    read_sealed,
    seal,
    sealed_file_head,
    sealed_pieces,
    unseal,
    write_sealed,
)

PLACE = "registry_person.name:7"
FILE = "import:7"


@pytest.fixture(params=["sm4", "aes"])
def cipher(request: pytest.FixtureRequest, settings: object) -> str:
    """Each cipher in turn."""
    settings.CIPHER = request.param
    return request.param


@pytest.fixture
def key_file(tmp_path: Path, settings: object) -> Path:
    """A key file of the test's own."""
    settings.KEY_FILE = tmp_path / "own" / "keys.json"
    return settings.KEY_FILE


def test_sm4_encrypts_the_example_of_the_standard() -> None:
    """GB/T 32907-2016, appendix A.1: one block, and the same block a million times over."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor().update(key)  # noqa: S305 - the standard's example
    assert block.hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm3_hashes_the_examples_of_the_standard() -> None:
    """GB/T 32905-2016, appendix A."""
    assert _sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert _sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_gcm_seals_the_example_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1, through the class that seals our fields."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    aad = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    clear = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = sealing.Seal(sealing.SM4, "00000000", key).encrypted(nonce, clear, aad)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )


@given(clear=st.binary(max_size=300), aad=st.text(max_size=60))
def test_whatever_is_sealed_opens_in_its_place(clear: bytes, aad: str) -> None:
    sealed = seal(clear, aad=aad)
    assert unseal(sealed, aad=aad) == clear
    assert len(sealed) == len(clear) + sealing.OVERHEAD
    assert sealed != seal(clear, aad=aad)


@given(clear=st.binary(max_size=80), aad=st.text(max_size=20), other=st.text(max_size=20), data=st.data())
def test_nothing_opens_elsewhere_or_altered(clear: bytes, aad: str, other: str, data: st.DataObject) -> None:
    sealed = seal(clear, aad=aad)
    if other != aad:
        with pytest.raises(NotOpened):
            unseal(sealed, aad=other)
    place = data.draw(st.integers(0, len(sealed) - 1))
    altered = bytearray(sealed)
    altered[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((NotOpened, KeyMissing)):
        unseal(bytes(altered), aad=aad)
    with pytest.raises((NotOpened, KeyMissing)):
        unseal(sealed[:place], aad=aad)


def test_each_cipher_opens_what_the_other_sealed(settings: object) -> None:
    settings.CIPHER = "sm4"
    one = seal("张三".encode(), aad=PLACE)
    settings.CIPHER = "aes"
    other = seal("张三".encode(), aad=PLACE)
    assert (one[1], other[1]) == (sealing.SM4, sealing.AES)
    assert unseal(one, aad=PLACE) == unseal(other, aad=PLACE) == "张三".encode()


def test_an_unknown_cipher_is_refused_in_words(settings: object) -> None:
    settings.CIPHER = "des"
    with pytest.raises(UnknownCipher, match="sm4"):
        seal(b"", aad=PLACE)


def test_equal_texts_have_equal_indexes_in_one_column_only() -> None:
    one = keyed_index("522428198001011234", column="registry_person.identity_index")
    assert one == keyed_index("522428198001011234", column="registry_person.identity_index")
    assert one != keyed_index("522428198001011234", column="fusion_registerperson.identity_index")
    assert one != keyed_index("522428198001011235", column="registry_person.identity_index")
    assert "5224" not in one[4:8]
    assert keyed_index("", column="any") == ""


@pytest.mark.parametrize(
    "size", [0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 3 * sealing.PIECE]
)
def test_a_file_of_any_size_comes_back(tmp_path: Path, cipher: str, size: int) -> None:
    clear = random.Random(size).randbytes(size)
    path = tmp_path / "file"
    write_sealed(path, clear, aad=FILE)
    assert read_sealed(path, aad=FILE) == clear
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["file"]
    assert not size or clear[:1000] not in path.read_bytes() or size == 1


def test_a_file_may_be_written_from_pieces_of_any_size(tmp_path: Path) -> None:
    path = tmp_path / "file"
    pieces = [b"", b"a" * 700_000, b"b" * 700_000, b"c", b"d" * 2_500_000, b""]
    write_sealed(path, iter(pieces), aad=FILE)
    assert b"".join(sealed_pieces(path, aad=FILE)) == b"".join(pieces)


def test_a_file_cut_lengthened_or_put_in_another_order_is_refused(tmp_path: Path, cipher: str) -> None:
    path = tmp_path / "file"
    write_sealed(path, random.Random(1).randbytes(3 * sealing.PIECE + 10), aad=FILE)
    whole = path.read_bytes()
    head = len(sealed_file_head(path).raw)
    step = sealing.PIECE + sealing.TAG
    one, two = whole[head : head + step], whole[head + step : head + 2 * step]
    for altered in (
        whole[: head + step],  # cut at the end of a piece
        whole[: head + 2 * step + 100],
        whole[:-1],
        whole[:head],
        whole[:10],
        whole + b"x",
        whole[:head] + two + one + whole[head + 2 * step :],
        whole[:head] + one + one + whole[head + 2 * step :],
        whole[: head - 1] + b"8" + whole[head:],
    ):
        path.write_bytes(altered)
        with pytest.raises(NotOpened):
            read_sealed(path, aad=FILE)


def test_a_file_of_another_place_is_refused(tmp_path: Path) -> None:
    write_sealed(tmp_path / "file", b"clear", aad=FILE)
    with pytest.raises(NotOpened):
        read_sealed(tmp_path / "file", aad="import:8")


def test_a_file_that_could_not_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_sealed(path, b"former", aad=FILE)

    def broken() -> object:
        yield b"x" * sealing.PIECE
        raise ValueError("the source ended")

    with pytest.raises(ValueError, match="the source ended"):
        write_sealed(path, broken(), aad=FILE)
    assert read_sealed(path, aad=FILE) == b"former"
    assert os.listdir(tmp_path) == ["file"]


def test_keys_are_made_at_first_use_for_their_owner_only(key_file: Path) -> None:
    sealed = seal(b"clear", aad=PLACE)
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(key_file.parent) == ["keys.json"]
    held = json.loads(key_file.read_text())
    assert sealing.key_id_of(sealed) == held["current"] == provider().current()


def test_a_missing_key_is_told_in_words(key_file: Path, tmp_path: Path, settings: object) -> None:
    sealed = seal(b"clear", aad=PLACE)
    settings.KEY_FILE = tmp_path / "other.json"
    with pytest.raises(KeyMissing) as refused:
        unseal(sealed, aad=PLACE)
    assert sealing.key_id_of(sealed) in refused.value.reason_zh
    assert "Put back the key file" in refused.value.reason_en


def test_a_wrong_key_under_the_right_name_is_told_in_words(key_file: Path, tmp_path: Path) -> None:
    sealed = seal(b"clear", aad=PLACE)
    held = json.loads(key_file.read_text())
    held["keys"][held["current"]] = held["index_keys"][held["index_current"]]
    _overwrite(key_file, json.dumps(held))
    with pytest.raises(NotOpened) as refused:
        unseal(sealed, aad=PLACE)
    assert PLACE in refused.value.reason_zh


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 1}', "钥匙", '{"format": 1, "current": 3, "keys": 5}']
)
def test_a_damaged_key_file_is_told_in_words_and_left_alone(key_file: Path, text: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(text)
    with pytest.raises(KeyFileUnreadable) as refused:
        seal(b"clear", aad=PLACE)
    assert isinstance(refused.value, YingjinError)
    assert key_file.read_text() == text


def test_former_keys_open_and_find_until_they_are_retired(key_file: Path) -> None:
    sealed, found_by = seal(b"clear", aad=PLACE), keyed_index("张三", column="c")
    keys = FileKeys(key_file)
    keys.begin_rotation()
    assert keys.rotating()
    assert unseal(sealed, aad=PLACE) == b"clear"
    _look_again()
    assert sealing.key_id_of(seal(b"clear", aad=PLACE)) == keys.current() != sealing.key_id_of(sealed)
    assert keyed_index("张三", column="c") != found_by
    assert indexes("张三", column="c") == (keyed_index("张三", column="c"), found_by)
    assert keys.retire() == 2
    assert not keys.rotating()
    _look_again()
    with pytest.raises(KeyMissing):
        unseal(sealed, aad=PLACE)
    assert len(indexes("张三", column="c")) == 1


def _look_again() -> None:
    """Let a second pass for the provider."""
    provider()._looked_at = 0.0


def _overwrite(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, ns=(1, 1))
    _look_again()


def _sm3(data: bytes) -> str:
    made = hashes.Hash(hashes.SM3())
    made.update(data)
    return made.finalize().hex()


def test_many_values_are_sealed_as_each_alone_with_a_nonce_of_its_own(cipher: str, key_file: Path) -> None:
    places = [f"registry_person.name:{number}" for number in range(20)]
    made = sealing.current_seal().seal_all(
        (place.encode() for place in places), [place.encode() for place in places]
    )
    assert [unseal(each, aad=place).decode() for each, place in zip(made, places, strict=True)] == places
    assert len({each[6:18] for each in made}) == len(made)
    with pytest.raises(NotOpened):
        unseal(made[0], aad=places[1])
    assert sealing.current_seal().seal_all([], []) == []
