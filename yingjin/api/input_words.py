"""What pydantic says of a wrong request, in both languages by the type of the mistake; values are masked."""

from collections.abc import Sequence
from typing import Any

from yingjin.basics.language import chosen

SHOWN, VALUE_MOST = 2, 40
# type of the mistake -> Chinese, English; {…} is filled from what pydantic says of it.
WORDS: dict[str, tuple[str, str]] = {
    "missing": ("没有填，这一项必须有。", "It is missing and must be there."),
    "extra_forbidden": (
        "没有这一项。去掉它，或核对名字。",
        "There is no such field. Leave it out, or check its name.",
    ),
    "string_type": ("要是文字（JSON 字符串）。", "It must be text (a JSON string)."),
    "string_too_short": (
        "太短，至少 {min_length} 个字符。",
        "It is too short: at least {min_length} characters.",
    ),
    "string_too_long": (
        "太长，最多 {max_length} 个字符。",
        "It is too long: at most {max_length} characters.",
    ),
    "string_pattern_mismatch": (
        "写法不对，要合 {pattern}。",
        "It is not written as it should be: {pattern}.",
    ),
    "int_type": ("要是整数，不加引号。", "It must be a whole number, without quotes."),
    "int_parsing": ("不是整数。写阿拉伯数字。", "It is no whole number. Write digits."),
    "int_from_float": ("不能有小数。金额按分写。", "It must be whole. Amounts are in fen."),
    "bool_type": ("要是 true 或 false。", "It must be true or false."),
    "bool_parsing": ("要是 true 或 false。", "It must be true or false."),
    "greater_than": ("要大于 {gt}。", "It must be more than {gt}."),
    "greater_than_equal": ("不能小于 {ge}。", "It must be at least {ge}."),
    "less_than": ("要小于 {lt}。", "It must be less than {lt}."),
    "less_than_equal": ("不能大于 {le}。", "It must be at most {le}."),
    "literal_error": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "enum": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "uuid_parsing": ("不是键（UUID）。用列表里给出的 key。", "It is no key (UUID). Use the key a list gave."),
    "uuid_type": ("不是键（UUID）。用列表里给出的 key。", "It is no key (UUID). Use the key a list gave."),
    "date_parsing": ("不是日期。写成 2025-12-31。", "It is no date. Write 2025-12-31."),
    "date_type": ("不是日期。写成 2025-12-31。", "It is no date. Write 2025-12-31."),
    "date_from_datetime_parsing": ("不是日期。写成 2025-12-31。", "It is no date. Write 2025-12-31."),
    "date_from_datetime_inexact": ("只写日期，不写时刻。", "Write the day alone, without a time."),
    "list_type": ("要是列表（JSON 数组）。", "It must be a list (a JSON array)."),
    "too_short": ("至少要有 {min_length} 项。", "It needs at least {min_length} of them."),
    "too_long": ("最多 {max_length} 项。", "It has too many: at most {max_length}."),
    "dict_type": ("要是对象（JSON object）。", "It must be a JSON object."),
    "model_type": ("要是对象（JSON object）。", "It must be a JSON object."),
    "model_attributes_type": ("要是对象（JSON object）。", "It must be a JSON object."),
    "file_required": ("要上传文件（multipart/form-data）。", "Upload a file (multipart/form-data)."),
}
OTHERWISE = (
    "填得不对。对照 /api/v1/openapi.json 改。",
    "It is not as /api/v1/openapi.json says. Correct it.",
)


def said(found: dict[str, Any]) -> str:
    """Return what is wrong with one field and what to do, in the caller's language."""
    zh, en = WORDS.get(found["type"], OTHERWISE)
    facts = found.get("ctx", {})
    return chosen(zh, en).format_map({name: _short(value) for name, value in facts.items()})


def field_of(place: Sequence[Any]) -> str:
    """Return where a field stands, as a caller knows it: body.until_on, query.limit."""
    where = [str(each) for each in place]
    # The name of the parameter that holds the whole body is ours, not the caller's.
    return ".".join([where[0], *where[2:]] if where[0] == "body" and len(where) > 2 else where)


def masked_value(value: Any) -> str:
    """Return a value with all but its ends masked: it may be a name or a number typed into the wrong field."""
    if value is None or isinstance(value, bool | dict | list | tuple | bytes):
        return ""
    text = _short(value)
    if len(text) <= SHOWN * 2:
        return "·" * len(text)
    return f"{text[:SHOWN]}{'·' * (len(text) - SHOWN * 2)}{text[-SHOWN:]}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= VALUE_MOST else text[: VALUE_MOST - 1] + "…"
