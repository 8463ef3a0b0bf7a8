"""Why a row was refused, or what was remarked on it: a code that lasts and a sentence for whoever must mend it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yingjin.basics.identity import masked

IDENTITY_LIKE = re.compile(r"[0-9０-９]{14,}[0-9０-９XxＸｘ]")
SHOWN_CHARACTERS = 40

# What is wrong, why, and what to do. `{column}` and `{value}` are always there; the rest is named by the caller.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "blank_value": ("“{column}”是空的。补上它。", "“{column}” is blank. Fill it in."),
    "number_cell": (
        "“{column}”存成了数字，长号码的末几位可能已经丢了。把这一列设成文本，再照原登记册填一遍。",
        "“{column}” is stored as a number, which may have lost its last digits. Make the column text and fill it in "
        "again from the register.",
    ),
    "too_long": (
        "“{column}”有 {length} 个字符，最多 {most} 个。写短一些。",
        "“{column}” has {length} characters, at most {most} fit. Shorten it.",
    ),
    "bad_date": (
        "“{column}”的“{value}”不是日期。写成 2025-03-01，月日都是两位。",
        "“{value}” in “{column}” is not a day. Write 2025-03-01, month and day with two digits.",
    ),
    "bad_money": (
        "“{column}”的“{value}”不是金额。写成 1234.50：不带逗号和货币符号，小数最多两位。",
        "“{value}” in “{column}” is not an amount. Write 1234.50: no comma, no currency sign, at most two decimals.",
    ),
    "bad_year": (
        "“{column}”的“{value}”不是年度。写成四位数字，如 2025。",
        "“{value}” in “{column}” is not a year. Write four digits, such as 2025.",
    ),
    "bad_whole": (
        "“{column}”的“{value}”不是整数。只写数字。",
        "“{value}” in “{column}” is not a whole number. Write digits alone.",
    ),
    "bad_yes_no": (
        "“{column}”的“{value}”看不懂。只能写 yes 或 no。",
        "“{value}” in “{column}” is neither yes nor no. Write one of them.",
    ),
    "bad_diagnosis": (
        "“{column}”的“{value}”不像国家医保版 ICD-10 编码。写成 I63.900 这样。",
        "“{value}” in “{column}” is not shaped like ICD-10, insurance edition. Write it like I63.900.",
    ),
    "unknown_value": (
        "“{column}”里不能写“{value}”。只能写：{allowed}。",
        "“{value}” may not stand in “{column}”. Choose from: {allowed}.",
    ),
    "unknown_category": (
        "没有身份“{value}”可登记。只能写：{allowed}。",
        "There is no category “{value}” to register. Choose from: {allowed}.",
    ),
    "derived_category": (
        "身份“{value}”由规则推算，不用登记。删去这一行。",
        "Category “{value}” is derived by rule and not registered. Take the row out.",
    ),
    "unknown_region": (
        "区划表里没有“{column}”的代码“{value}”。核对代码。",
        "Code “{value}” of “{column}” is not in the table of regions. Check it.",
    ),
    "unknown_place": (
        "“{column}”“{value}”认不出：{why_zh}这一行照收，先算在上一级。",
        "“{value}” of “{column}” was not found: {why_en} The row is kept, counted one level up.",
    ),
    "bad_identity_number": (
        "“{column}”{value} 不合 GB 11643。这一行照收，但不能凭它认人。核对号码。",
        "“{column}” {value} does not fit GB 11643. The row is kept but cannot link by it. Check the number.",
    ),
    "no_identity_number": (
        "“{column}”是空的。这一行照收，但不能凭它认人。",
        "“{column}” is blank. The row is kept but cannot link by it.",
    ),
    "birth_differs": (
        "“{column}”{value} 与证件号码里的生日 {other} 不同。核对哪个对。",
        "“{column}” {value} differs from the birthday {other} inside the identity number. Check which is right.",
    ),
    "bad_interval": (
        "“{column}”{value} 不晚于“{other}”{other_value}。改正其中一个。",
        "“{column}” {value} is not after “{other}” {other_value}. Correct one of them.",
    ),
    "discharge_before_admission": (
        "“{column}”{value} 早于“{other}”{other_value}：出院在入院之前。改正其中一个。",
        "“{column}” {value} is before “{other}” {other_value}: discharged before admitted. Correct one of them.",
    ),
    "admission_before_birth": (
        "“{column}”{value} 早于“{other}”{other_value}：那天还没有出生。改正其中一个。",
        "“{column}” {value} is before “{other}” {other_value}: not yet born that day. Correct one of them.",
    ),
    "birth_after_year": (
        "“{column}”{value} 在“{other}”{other_value} 年之后：那年还没有出生。改正其中一个。",
        "“{column}” {value} is after the year {other_value} of “{other}”: not yet born. Correct one of them.",
    ),
    "in_scope_exceeds_total": (
        "“{column}”{value} 大于“{other}”{other_value}。改正其中一个。",
        "“{column}” {value} is more than “{other}” {other_value}. Correct one of them.",
    ),
    "wrong_sign": (
        "“{other}”是 {other_value}，“{column}”{value} 的正负不对：退费行金额为负，其余不为负。",
        "“{other}” is {other_value}, so the sign of “{column}” {value} is wrong: refunds are negative, others not.",
    ),
    "value_not_wanted": (
        "“{other}”是“{other_value}”时，“{column}”应留空，这里写了“{value}”。",
        "“{column}” stays blank where “{other}” is “{other_value}”; here it says “{value}”.",
    ),
    "needed_here": (
        "“{other}”是“{other_value}”时，“{column}”不能空。补上它。",
        "“{column}” is needed where “{other}” is “{other_value}”. Fill it in.",
    ),
    "ragged_row": (
        "这一行有 {found} 格，表头有 {wanted} 格，各列对不上。补齐缺的格，或删去多出的逗号。",
        "The row has {found} cells, the header {wanted}: columns do not match. Add what is missing or take out commas.",
    ),
    "not_in_list": (
        "“{column}”{value} 不在{list}里，或那一行没有收。先补好那一行。",
        "“{column}” {value} is not in {list}, or its row was refused. Mend that row first.",
    ),
    "repeated_key": (
        "“{value}”在这批文件里出现了 {count} 次，内容不同，不知道哪一行对。留下对的，删去其余。",
        "“{value}” stands {count} times in these files with different contents. Keep the right one, take out the rest.",
    ),
    "unknown_facility": (
        "机构名单里没有“{value}”。改正编号，或把它加进机构名单；名单一改，这一行会再收一次。",
        "“{value}” is not in the facility list. Correct it or add it to the list: this row is then read again.",
    ),
    "changed_settlement": (
        "结算 {value} 已经收过，内容与这一行不同。结算不能改，只能用冲销行冲掉，再结一笔新的。",
        "Settlement {value} is here already with other contents. It cannot change: cancel it and settle anew.",
    ),
    "unknown_settlement": (
        "要冲销的结算 {value} 还没有收到。等它收到，这一行会再收一次；或改正“{column}”。",
        "Settlement {value}, to be cancelled, is not here. This row is read again once it is; or correct “{column}”.",
    ),
    "cancels_a_refund": (
        "要冲销的 {value} 自己就是退费行。改正“{column}”。",
        "{value}, to be cancelled, is itself a refund. Correct “{column}”.",
    ),
    "cancelling_differs": (
        "“{column}”{value} 与被冲销那一笔的 {other_value} 对不上：人要相同，金额要正负相抵。",
        "“{column}” {value} does not undo {other_value} of the settlement cancelled: same person, opposite money.",
    ),
    "already_cancelled": (
        "结算 {value} 已由 {other_value} 冲销。一笔只能冲一次。",
        "Settlement {value} is cancelled by {other_value} already. It can be cancelled once.",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is refused; or, with `refuses` False, a remark on a row that is kept."""

    code: str
    column: str
    value: str
    zh: str
    en: str
    refuses: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept with the row."""
        return {name: getattr(self, name) for name in self.__slots__}


def reason(code: str, column: str = "", value: str = "", *, refuses: bool = True, **more: object) -> Reason:
    """Write the sentence of a code. The value is masked before it stands anywhere."""
    zh, en = SENTENCES[code]
    safe = shown(value)
    facts = {name: hidden(fact) if isinstance(fact, str) else fact for name, fact in more.items()}
    facts |= {"column": column, "value": safe}
    return Reason(code, column, safe, zh.format_map(facts), en.format_map(facts), refuses)


def shown(value: str) -> str:
    """Return a value as it may be shown: masked where it looks like an identity number, cut when long."""
    safe = hidden(value)
    return safe if len(safe) <= SHOWN_CHARACTERS else f"{safe[:SHOWN_CHARACTERS]}…"


def hidden(text: str) -> str:
    """Return a text with every number in it masked that looks like an identity number."""
    return IDENTITY_LIKE.sub(lambda found: masked(found.group()), text)
