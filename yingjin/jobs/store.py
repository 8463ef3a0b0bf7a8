"""The data folder: outside the checkout, for its owner only (0700, files 0600). Knows no Django."""

import os
import secrets
from pathlib import Path

PRIVATE = 0o700
NAME = "YINGJIN_STORE"
CURRENT = "current"


def named_store(name: str) -> Path:
    """Return the folder of a name in the owner's data home, never in the checkout (D5)."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "yingjin" / name


def default_store() -> Path:
    """Return the folder used when nothing else is said: the one `yingjin up` last served, so that all commands agree."""
    current = named_store(CURRENT)
    return current.resolve() if current.is_dir() else named_store("default")


def use_from_now_on(folder: Path) -> None:
    """Let every command that is told nothing else use this folder."""
    current = named_store(CURRENT)
    current.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    new = current.with_name(f"{CURRENT}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(folder.resolve(), target_is_directory=True)
    new.replace(current)


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
