"""Where Chinese stands that a reader of English would meet: in templates and in the modules that speak to people.

* bare_in_template     Chinese outside of what is marked for translation
* bare_in_module       Chinese strings without their English
"""

import ast
import re
from collections.abc import Iterator

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
MARKED = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b.*?{%\s*end(?:blocktranslate|blocktrans)\s*%}"
    r"|{%\s*(?:translate|trans)\s.*?%}|\b_\(\"[^\"]*\"\)|{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}",
    re.DOTALL,
)
IN_CHINESE = re.compile(r'<(\w+)[^<>]*\blang="zh-CN"[^<>]*>.*?</\1>', re.DOTALL)
HIDDEN = re.compile(r'<(\w+)[^<>]*\baria-hidden="true"[^<>]*>(?:[^<>]|<br>)*</\1>')
STAMP = re.compile(r'(<span class="(?:st|char)\b[^<>]*>)[\u4e00-\u9fff](?=<)')
# One-character stamps say a state in both languages; what they mean stands beside them in words.
STAMPS = frozenset("已缺待免有异合同错专保治签兜慎齐无空查未废限变停旧锁注知收撤拒弃办核函静略己")
GETTEXTS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "chosen"})


def bare_in_template(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of Chinese that no reader of English has in English.

    Left out: what is marked for translation, what says itself to be Chinese (`lang`), and one-character stamps, which
    are hidden from screen readers or have their meaning in words behind them.
    """
    for pattern in (MARKED, IN_CHINESE, HIDDEN):
        text = pattern.sub(lambda found: "\n" * found.group().count("\n"), text)
    text = STAMP.sub(r"\1", text)
    for number, line in enumerate(text.splitlines(), start=1):
        for found in HAN.finditer(line):
            yield number, found.group()


def bare_in_module(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each Chinese string that is no stamp, not translated and without its English."""
    excused = {id(each) for each in _excused(tree)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and HAN.search(node.value)
            and node.value not in STAMPS
            and id(node) not in excused
        ):
            yield node.lineno, node.value


def _excused(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _docstring(node)
        elif isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Tuple):
            yield from _pairs(node.elts)
        elif isinstance(node, ast.Dict):
            yield from filter(None, node.keys)  # what is looked up, not what is said


def _docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        yield first.value


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in GETTEXTS:
        for argument in node.args:
            yield from ast.walk(argument)
    yield from _pairs(node.args)
    named = {each.arg: each.value for each in node.keywords if each.arg}
    for key, value in named.items():
        english = named.get(key.removesuffix("_zh") + "_en") if key.endswith("_zh") else None
        if key == "zh":
            english = named.get("en")
        if english is not None and not _holds_chinese(english):
            yield from ast.walk(value)


def _pairs(parts: list[ast.expr]) -> Iterator[ast.AST]:
    """Yield what is Chinese and followed by its English: a refusal's two reasons, or a pair of names."""
    for one, other in zip(parts, parts[1:], strict=False):
        if _is_text(one) and _is_text(other) and _holds_chinese(one) and not _holds_chinese(other):
            yield from ast.walk(one)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _holds_chinese(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and HAN.search(each.value)
        for each in ast.walk(node)
    )
