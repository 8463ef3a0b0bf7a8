"""A paper is the same everywhere and always: its faces are inside, its data are never its code."""

import hashlib
import logging
import re
import time

import pytest
from django.conf import settings

from tests.support.papers import LETTER, fonts, read, sizes, text_of
from yingjin.basics import papers

CHINESE = re.compile("[一-鿿]+")
RARE = "王㐂 𠮷田 䶮"
CODE = '#eval("1+1") \\\\ *粗* $x^2$ [a](b) `raw` <label> @ref // 注 /* */ "引" #import "x.typ" \\u{41} = 标题 ~ _斜_'


@pytest.fixture(scope="module")
def letter():
    return papers.render("gap_letter", LETTER, language="zh-hans")


def test_the_shipped_faces_are_those_whose_digests_are_kept():
    lines = (papers.FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    kept = dict(reversed(line.split()) for line in lines)
    there = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in papers.FONTS.glob("*.otf")}
    assert there == kept
    assert "SIL OPEN FONT LICENSE Version 1.1" in (papers.FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_no_face_is_taken_but_the_shipped_ones():
    assert papers.faces().families() == ["Yingjin Cuhei", "Yingjin Hei", "Yingjin Song"]


def test_a_paper_holds_its_faces_and_the_marks_of_the_archive_standard(letter):
    assert fonts(letter) and all(fonts(letter).values())
    root = read(letter).trailer["/Root"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    about = root["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"pdfaid:part>2<", about)
    assert re.search(r"pdfaid:conformance>B<", about)


def test_the_same_data_give_the_same_bytes_at_any_time(letter):
    time.sleep(1.1)
    assert papers.render("gap_letter", LETTER, language="zh-hans") == letter
    assert read(letter).metadata["/CreationDate"].startswith("D:20261112")


def test_rare_characters_of_names_are_printed_and_read_back():
    data = LETTER | {"contact": RARE, "title": RARE, "to": RARE}
    pdf = papers.render("gap_letter", data, language="zh-hans")
    assert text_of(pdf).count(RARE.replace(" ", "")) == 3


def test_a_character_of_no_face_is_told_and_logged_and_never_an_empty_box(caplog):
    data = LETTER | {"contact": "李\U0002b81c 与 😀"}
    with caplog.at_level(logging.WARNING):
        text = text_of(papers.render("gap_letter", data, language="zh-hans"))
    assert "李𫠜与〔U+1F600〕" in text
    assert "有1个字字库里没有" in text
    assert "U+1F600" in caplog.text and "李" not in caplog.text


def test_the_list_of_characters_is_that_of_the_face():
    from fontTools.ttLib import TTFont

    inside = set(TTFont(papers.FONTS / "YingjinHei.otf").getBestCmap())
    firsts, lasts = papers.characters()
    listed = {each for first, last in zip(firsts, lasts, strict=True) for each in range(first, last + 1)}
    assert listed == inside
    assert not papers.has(0x1F600) and not papers.has(0) and papers.has(0x20BB7)


def test_text_full_of_the_typesetters_own_signs_is_printed_as_it_stands():
    pdf = papers.render("gap_letter", LETTER | {"reason": CODE}, language="zh-hans")
    assert "".join(CODE.split()) in text_of(pdf)


def test_data_that_do_not_fit_are_refused_without_quoting_them():
    data = {key: value for key, value in LETTER.items() if key != "rows"} | {"contact": "禄小英"}
    with pytest.raises(papers.PaperNotMade) as refused:
        papers.render("gap_letter", data, language="zh-hans")
    assert "禄小英" not in str(refused.value) + str(refused.value.data)
    assert refused.value.data["why"] == 'dictionary does not contain key "rows"'
    assert papers.without_data('expected integer, found "禄小英"') == 'expected integer, found "…"'


def test_all_words_of_the_templates_stand_in_two_languages():
    """Chinese stands in a template only as the first half of say(zh, en), comments apart; the half after it is English."""
    templates = sorted(settings.PAPERS.glob("*.typ"))
    assert templates
    for path in templates:
        code = re.sub(r"(^|\s)//.*", "", path.read_text(encoding="utf-8"))
        assert "@preview" not in code
        outside, said = apart(code)
        assert not CHINESE.findall(outside), (path.name, CHINESE.findall(outside))
        for zh, en in said:
            assert zh.strip() and en.strip() and not CHINESE.search(en), (path.name, zh, en)


def apart(code: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a template without its say(zh, en) calls, and their two halves."""
    outside, said = "", []
    while (start := code.find("say(")) >= 0:
        comma, end = halves(code, start + len("say("))
        said.append((code[start + len("say(") : comma], code[comma + 1 : end]))
        outside, code = outside + code[:start], code[end:]
    return outside + code, said


def halves(code: str, place: int) -> tuple[int, int]:
    """Return where the comma between the two halves of a call stands, and where the call ends."""
    depth, quoted, comma = 0, False, -1
    while depth >= 0:
        each = code[place]
        if each == '"' and code[place - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(each, 0)
            comma = place if each == "," and depth == 0 and comma < 0 else comma
        place += 1
    return comma, place - 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("large", [False, True])
def test_a_letter_names_both_sides_the_day_and_the_list(language, large):
    pdf = papers.render("gap_letter", LETTER | {"large": large}, language=language)
    text = text_of(pdf)
    for each in (
        "赫章县卫生健康局",
        "赫章县医疗保障局",
        "2026-0007",
        "禄小英",
        "522428········204X",
        "妈姑镇海子村",
    ):
        assert each in text
    assert ("请在2026年11月30日前" if language == "zh-hans" else "by2026-11-30") in text
    assert set(sizes(pdf)) == {(595, 842)}
