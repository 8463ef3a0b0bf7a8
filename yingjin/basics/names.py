"""Names of people, compared."""

import unicodedata
from functools import lru_cache

INTERPUNCTS = "·•・‧∙⋅.．｡。"


@lru_cache(maxsize=16_384)
def same_name_key(name: str) -> str:
    """Return what two writings of one name share: NFKC, without spaces and interpuncts."""
    text = unicodedata.normalize("NFKC", name)
    return "".join(char for char in text if not char.isspace() and char not in INTERPUNCTS).upper()
