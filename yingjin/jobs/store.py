"""The data folder: outside the checkout, for its owner only (0700, files 0600). Knows no Django."""

import os
import secrets
from pathlib import Path

PRIVATE = 0o700
NAME = "YINGJIN_STORE"


def default_store() -> Path:
    """Return the folder used when nothing else is said: the owner's data home, never the checkout (D5)."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "yingjin" / "default"


def store() -> Path:
    """Return the data folder, made with mode 0700 when it is not there yet."""
    folder = Path(os.environ.get(NAME) or default_store())
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE)
    return folder


def secret(name: str) -> str:
    """Return a secret of this installation, made at first use in a file of mode 0600 beside the data (D9)."""
    path = store() / f"{name}.secret"
    try:
        with open(path, "x", opener=_private) as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
