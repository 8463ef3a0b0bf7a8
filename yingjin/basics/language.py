"""Which language the reader chose: every message is Chinese, with its English beside it."""

from django.utils.translation import get_language

CHINESE, ENGLISH = "zh-hans", "en"
COOKIE = "yingjin_language"


def speaks_english() -> bool:
    """Say whether the reader of the present request chose English."""
    return get_language() == ENGLISH


def chosen(zh: str, en: str) -> str:
    """Return the one of two texts that the reader of the present request chose."""
    return en if speaks_english() else zh
