"""Every text has its English: in the catalogue, in the templates, in the modules that speak to people."""

from pathlib import Path

from tests.support.chinese import bare_in_module, bare_in_template
from tests.support.tree import parsed, sources, texts
from tests.support.words import COMPILED, asked, asked_both_ways, compiled, missing, written

# Chinese that stays in an English page, each with why.
IN_TEMPLATES = {
    "应尽": "the brand",
}
SPEAKING = ("yingjin/console", "yingjin/api", "yingjin/insight")
IN_MODULES = {
    "yingjin/console/templatetags/yingjin.py": {
        "月": "a day in Chinese; English has its own", "日": "a day in Chinese",
    },
    "yingjin/insight/queries/members.py": {"户主": "what a register writes, compared and not shown"},
    "yingjin/insight/files.py": {"没有这个文件，或没有读它的权限": "the reason in English is the system's own"},
    "yingjin/insight/domain/figures.py": {
        "日期 date": "what a file writes", "年 year": "what a file writes",
    },
    "yingjin/insight/actions.py": {"找缺口 find dues": "both languages in one line of progress"},
}  # fmt: skip
PATTERNS = "((?:汉|"  # the names of peoples in names of places, taken out and not shown


def test_every_marked_text_has_its_english():
    lacking = missing()
    assert asked()
    assert not lacking, "\n".join(f"{place}: {text}" for text, place in lacking.items())


def test_the_compiled_catalogue_is_in_step():
    assert COMPILED.read_bytes() == compiled(), "Run `make words`."


def test_no_english_is_left_of_a_text_that_is_gone():
    assert not written().keys() - asked().keys()


def test_no_text_is_asked_for_both_alone_and_by_number():
    assert not asked_both_ways()


def test_no_template_holds_chinese_that_cannot_be_translated():
    bare = [
        f"{path}:{line} {words}"
        for path, text in texts(".html")
        if path.parts[0] == "yingjin"
        for line, words in bare_in_template(text)
        if words not in IN_TEMPLATES
    ]
    assert not bare, "\n".join(bare)


def test_no_module_that_speaks_to_people_holds_chinese_without_its_english():
    bare = [
        f"{path}:{line} {text}"
        for path in speaking()
        for line, text in bare_in_module(parsed(path))
        if text not in IN_MODULES.get(path.as_posix(), {}) and not text.startswith(PATTERNS)
    ]
    assert not bare, "\n".join(bare)


def test_what_is_excused_is_there():
    gone = [
        f"{path} {text}"
        for path, excused in IN_MODULES.items()
        for text in excused
        if text not in {found for _, found in bare_in_module(parsed(Path(path)))}
    ]
    assert not gone, gone


def test_the_english_itself_holds_no_chinese_but_names_and_stamps():
    shown = {"禄小英", "瓦厂村", "已", "缺", "待", "免", "专", "空"}
    held = [
        f"{text}: {words}"
        for text, forms in written().items()
        for form in forms
        for _, words in bare_in_template(form)
        if words not in shown
    ]
    assert not held, "\n".join(held)


def test_no_script_holds_a_text():
    bare = [
        f"{path}:{number}"
        for path, text in texts(".js")
        if path.parts[:4] == ("yingjin", "console", "static", "yingjin")
        for number, line in enumerate(text.splitlines(), start=1)
        if any("\u4e00" <= char <= "\u9fff" for char in line.partition("//")[0])
    ]
    assert not bare, "\n".join(bare)


def speaking() -> list[Path]:
    """Return the modules whose texts a reader sees."""
    return [path for path in sources("yingjin") if path.as_posix().startswith(SPEAKING)]
