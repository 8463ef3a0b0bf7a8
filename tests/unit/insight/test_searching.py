"""How a search is read: yingjin/insight/domain/searching.py."""

import pytest

from yingjin.insight.domain.searching import from_prefix, read_search


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("", "nothing", ""),
        ("  　", "nothing", ""),
        ("204X", "last_four", "204X"),
        ("204x", "last_four", "204X"),
        ("２０４Ｘ", "last_four", "204X"),
        ("0017", "last_four", "0017"),
        ("522428195710050000", "number", ""),
        ("204", "number", ""),
        ("luxiaoying", "pinyin", "luxiaoying"),
        ("Lu Xiaoying", "pinyin", "luxiaoying"),
        ("lǚ", "pinyin", "lv"),
        ("lxy", "pinyin", "lxy"),
        ("X", "pinyin", "x"),
        ("禄小英", "name", "禄小英"),
        ("阿西·木呷", "name", "阿西木呷"),
        ("阿西•木呷", "name", "阿西木呷"),
        ("禄 小英", "name", "禄小英"),
        ("·", "name", ""),
    ],
)
def test_a_text_is_read_as_what_it_looks_like(text: str, kind: str, key: str) -> None:
    assert read_search(text) == (kind, key)


def test_a_prefix_holds_whatever_begins_with_it_and_nothing_else() -> None:
    low, high = from_prefix("禄小")
    inside = ["禄小", "禄小英", "禄小英子", "禄小\U0002a700"]
    assert all(low.encode() <= text.encode() < high.encode() for text in inside)
    assert not any(low.encode() <= text.encode() < high.encode() for text in ["禄", "禄尐", "禄大英"])
