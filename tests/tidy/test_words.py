"""What people read is plain: no slogan, and no message that only says something went wrong."""

import ast
from pathlib import Path

from tests.support.tree import parsed, sources, texts

SLOGANS = ("赋能", "闭环", "抓手", "一键", "智能")
EMPTY_MESSAGES = ("非法", "无效", "失败", "系统异常", "抱歉", "暂无数据")
BANNED = SLOGANS + EMPTY_MESSAGES


def spoken(path: Path) -> list[tuple[int, str]]:
    """Return the strings of a source file with their lines; comments are between us."""
    return [
        (node.lineno, node.value)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_no_page_says_a_banned_word():
    bad = [
        f"{path}:{number} {word}"
        for path, text in texts(".html", ".js", ".txt", ".yaml")
        if path.parts[0] == "yingjin" and "vendor" not in path.parts
        for number, line in enumerate(text.splitlines(), start=1)
        for word in BANNED
        if word in line
    ]
    assert not bad, "\n".join(bad)


def test_no_message_says_a_banned_word():
    bad = [
        f"{path}:{line} {word}"
        for path in sources("yingjin")
        for line, text in spoken(path)
        for word in BANNED
        if word in text
    ]
    assert not bad, "\n".join(bad)
