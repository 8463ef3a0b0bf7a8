"""
One key at work: what seals and opens, one value or many.

* Seal        one key of one algorithm
* derived     a key of its own for one purpose

What a sealed value looks like, and which key seals now, says `sealing`.
"""

import os
from collections.abc import Callable, Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
SM4, AES = 1, 2
HEAD, NONCE, TAG = 6, 12, 16


class Seal:
    """One key of one algorithm, ready to seal and to open."""

    def __init__(self, algorithm: int, key_id: str, key: bytes) -> None:
        self.algorithm = algorithm
        self.key_id = key_id
        self.head = bytes((VERSION, algorithm)) + bytes.fromhex(key_id)
        self.chooses = HMAC(
            derived(key, "nonce", 32), hashes.SM3()
        )  # the nonce of what is sealed the same each time
        if algorithm == AES:
            self._aes = AESGCM(key)
        else:
            self._sm4 = algorithms.SM4(key)

    def seal(self, clear: bytes, aad: bytes) -> bytes:
        """Return what was given, sealed for one place."""
        nonce = os.urandom(NONCE)
        return self.head + nonce + self.encrypted(nonce, clear, aad)

    def seal_all(self, clear: Iterable[bytes], aads: Sequence[bytes]) -> list[bytes]:
        """Return many values sealed, each for its own place."""
        random = os.urandom(NONCE * len(aads))
        nonces = [random[at : at + NONCE] for at in range(0, len(random), NONCE)]
        if self.algorithm == AES:
            made = map(self._aes.encrypt, nonces, clear, aads)
        else:
            made = map(self._encryption_sm4(), nonces, clear, aads)
        head = self.head
        return [head + nonce + each for nonce, each in zip(nonces, made, strict=True)]

    def encrypted(self, nonce: bytes, clear: bytes, aad: bytes) -> bytes:
        """Return ciphertext and tag. A nonce is used once with a key."""
        if self.algorithm == AES:
            return self._aes.encrypt(nonce, clear, aad)
        return self._encryption_sm4()(nonce, clear, aad)

    def _encryption_sm4(self) -> Callable[[bytes, bytes, bytes], bytes]:
        """Return what encrypts one value after another. It is its caller's alone: each value sets its nonce."""
        cipher: Cipher[modes.GCM] = Cipher(self._sm4, modes.GCM(bytes(NONCE)))

        def encrypt(nonce: bytes, clear: bytes, aad: bytes) -> bytes:
            cipher.mode = modes.GCM(nonce)
            context = cipher.encryptor()
            context.authenticate_additional_data(aad)
            return context.update(clear) + context.finalize() + context.tag

        return encrypt

    def decrypted(self, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        """Return the clear bytes of ciphertext and tag. Errors: InvalidTag."""
        if self.algorithm == AES:
            return self._aes.decrypt(nonce, sealed, aad)
        if len(sealed) < TAG:
            raise InvalidTag
        context = Cipher(self._sm4, modes.GCM(nonce, sealed[-TAG:])).decryptor()
        context.authenticate_additional_data(aad)
        return context.update(sealed[:-TAG]) + context.finalize()


def derived(key: bytes, purpose: str, length: int) -> bytes:
    """Return a key of its own for one purpose (RFC 5869 with SM3)."""
    return HKDF(hashes.SM3(), length, None, f"yingjin {purpose}".encode()).derive(key)
