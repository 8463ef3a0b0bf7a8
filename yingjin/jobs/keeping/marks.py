"""By which keys a backup was made: marks that tell nothing of them, so that other keys are refused before a restore."""

from yingjin.basics.keys import FileKeys
from yingjin.basics.sealing import derived

MARK_BYTES = 16


def marks_of(keys: FileKeys) -> dict[str, str]:
    """Return for each key of a file a mark that only this key has and that tells nothing of it."""
    seals = {f"seal {each}": keys.key(each) for each in keys.key_ids()}
    finds = {f"index {each}": keys.index_key(each) for each in keys.index_ids()}
    return {name: derived(key, "mark", MARK_BYTES).hex() for name, key in {**seals, **finds}.items()}
