"""Names of places in Latin letters, for readers of English."""

from functools import cache

from yingjin.basics.language import speaks_english
from yingjin.registry import files
from yingjin.registry.domain.pinyin import read_place
from yingjin.registry.domain.places import KINDS, stem


@cache
def latin(name: str) -> str:
    """Return a place's name in pinyin without its kind: 赫章县 is Hezhang, 结构彝族苗族乡 is Jiegou."""
    bare = min((stem(name, level) or name for level in KINDS), key=len)
    return read_place(bare, files.place_readings()).full.replace("v", "ü").capitalize()


def place_written(name: str) -> str:
    """Write a place for its reader: 赫章县, and in English with its pinyin, 赫章县 Hezhang."""
    return f"{name} {latin(name)}" if name and speaks_english() else name
