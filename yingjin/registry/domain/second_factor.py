"""Codes of six digits that a phone and we work out alike from one secret and the time (RFC 6238).

* secret_text     the secret as a phone that cannot scan is given it
* address         what a phone scans
* step_taken      the step of a code that may be taken now
* digest_of       what is kept of a recovery code
"""

import base64
import hashlib

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS_A_STEP, DIGITS = 30, 6
STEPS_ASIDE = 1  # a phone's clock may be half a minute off
SECRET_BYTES = 20
RECOVERY_CODES = 10
ISSUER = "应尽"


def totp_of(secret: bytes) -> TOTP:
    """Return the generator of a secret, as every authenticator reads it."""
    return TOTP(secret, DIGITS, SHA1(), SECONDS_A_STEP)


def secret_text(secret: bytes) -> str:
    """Return a secret in groups of four letters and digits."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, username: str) -> str:
    """Return the address a phone scans."""
    return totp_of(secret).get_provisioning_uri(username, ISSUER)


def step_taken(secret: bytes, code: str, *, at_seconds: int, last_step: int) -> int | None:
    """Return the step whose code this is; None for a wrong code and for one whose step was taken already.

    Units: seconds since 1970. Errors: none.
    """
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    now = at_seconds // SECONDS_A_STEP
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if step > last_step and _is_code_of(secret, code, step):
            return step
    return None


def _is_code_of(secret: bytes, code: str, step: int) -> bool:
    try:
        totp_of(secret).verify(code.encode("ascii"), step * SECONDS_A_STEP)
    except InvalidToken:
        return False
    return True


def plain_code(text: str) -> str:
    """Return a typed code without what people put between its groups."""
    return "".join(text.split()).replace("-", "").lower()


def digest_of(recovery_code: str) -> str:
    """Return what is kept of a recovery code; of some 79 random bits a plain hash tells nothing."""
    return hashlib.sha256(plain_code(recovery_code).encode()).hexdigest()
