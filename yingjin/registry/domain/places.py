"""
Find a place by the names a register writes, which often leave out or vary the last characters.

赫章县 / 珠市乡 / 大山村委会 is 珠市彝族乡, 大山村民委员会. A name that fits two places is not decided here.

* PlaceNames       the townships and villages of one county, found by name
* stem             what is left of a name without its kind
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 "
    "京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各 民"
).split()
PEOPLE_NAMES = tuple(sorted((f"{people}族" for people in PEOPLES), key=len, reverse=True))
# Names of a few provinces and counties leave the last character out: 新疆维吾尔自治区, 察布查尔锡伯自治县.
BARE_PEOPLES = ("维吾尔", "锡伯", "哈萨克", "塔吉克", "柯尔克孜", "蒙古")

KINDS = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("自治州", "地区", "市", "盟"),
    "county": ("自治县", "自治旗", "特区", "林区", "新区", "县", "市", "区", "旗"),
    "township": ("街道办事处", "街道办", "办事处", "街道", "镇", "乡"),
    "village": ("社区", "村", "居"),
}
COMMITTEES = (  # the committee of a village or neighbourhood stands for it
    ("村村民委员会", "村"),
    ("社区居民委员会", "社区"),
    ("社区村民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村民委员会", "村"),
    ("居民委员会", "居"),
    ("村民委", "村"),
    ("村委会", "村"),
    ("居委会", "居"),
)


@dataclass(frozen=True)
class PlaceMatch:
    """The code a pair of names stands for (empty when none or several do), the township's, and what would fit."""

    code: str
    township_code: str
    candidates: tuple[str, ...]
    reason_zh: str
    reason_en: str


class PlaceNames:
    """The townships and villages of one county, found by name."""

    def __init__(self, townships: Iterable[tuple[str, str]], villages: Iterable[tuple[str, str]]) -> None:
        """Index pairs of code and name."""
        self._townships: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        self._written: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._stems: dict[tuple[str, str], set[str]] = defaultdict(set)
        for code, name in townships:
            self._names[code] = plain(name)
            for form in forms(name, "township"):
                self._townships[form].add(code)
        for code, name in villages:
            for scope in (code[:9], ""):
                self._written[scope, without_committee(name)].add(code)
                self._stems[scope, stem(name, "village")].add(code)

    def match(self, township: str, village: str) -> PlaceMatch:
        """Find a village, or a township when no village is named.

        A village is looked for in its township alone, or in the whole county when no township is named. In a
        township that is not found, villages of that name are candidates and none is taken.
        """
        found = self._township(township) if township.strip() else {""}
        if len(found) > 1:
            return _undecided("", found, township)
        code = next(iter(found), "")
        if not village.strip():
            return PlaceMatch(code, code, (), "", "") if code else _unknown("", township)
        villages = self._village(code, village)
        if not found:
            return PlaceMatch(
                "",
                "",
                tuple(sorted(villages)),
                f"本县没有叫“{township}”的乡镇街道，请核对乡镇名。",
                f"The county has no township {township}: check its name.",
            )
        if len(villages) == 1:
            return PlaceMatch(next(iter(villages)), code or next(iter(villages))[:9], (), "", "")
        return _undecided(code, villages, village) if villages else _unknown(code, village)

    def _township(self, name: str) -> set[str]:
        whole = {code for code in self._townships.get(plain(name), ()) if self._names[code] == plain(name)}
        return whole or {code for form in forms(name, "township") for code in self._townships.get(form, ())}

    def _village(self, township_code: str, name: str) -> set[str]:
        """Return the villages of a name as written, or else those it is short for, in both cases whole first."""
        whole = plain(name)
        for text in (whole, whole.removeprefix(self._names.get(township_code, ""))):
            written = self._written.get((township_code, without_committee(text)))
            found = written or self._stems.get((township_code, stem(text, "village")))
            if found:
                return found
        return set()


def plain(name: str) -> str:
    """Return a name in NFKC without spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def without_committee(name: str) -> str:
    """Return the place a committee is of: 大山村民委员会 is 大山村, 前河社区居民委员会 is 前河社区."""
    text = plain(name)
    for committee, place in COMMITTEES:
        if text.endswith(committee) and len(text) > len(committee):
            return text.removesuffix(committee) + place
    return text


def stem(name: str, level: str) -> str:
    """Return a name without its kind: 珠市彝族乡 is 珠市, 大山村民委员会 is 大山, 威宁彝族回族苗族自治县 is 威宁."""
    text = without_committee(name) if level == "village" else plain(name)
    bare = _without_kind(text, level)
    return _without_peoples(bare) if bare != text and level != "village" else bare


def forms(name: str, level: str) -> set[str]:
    """Return the ways a name may be shortened, itself among them: 河镇彝族苗族乡 is also 河镇."""
    text = plain(name)
    return {text, _without_kind(text, level), stem(text, level)}


def _without_kind(text: str, level: str) -> str:
    kind = next((kind for kind in KINDS[level] if text.endswith(kind) and len(text) > len(kind)), "")
    return text.removesuffix(kind)


def _without_peoples(text: str) -> str:
    for people in PEOPLE_NAMES:
        if text.endswith(people) and len(text) > len(people):
            return _without_peoples(text.removesuffix(people))
    # 内蒙古 is no place called 内.
    bare = next(
        (people for people in BARE_PEOPLES if text.endswith(people) and len(text) > len(people) + 1), ""
    )
    return text.removesuffix(bare)


def _undecided(township_code: str, codes: Iterable[str], name: str) -> PlaceMatch:
    listed = tuple(sorted(codes))
    return PlaceMatch(
        "",
        township_code,
        listed,
        f"“{name}”有 {len(listed)} 处同名：{'、'.join(listed)}，请写全名。",
        f"{name} fits {len(listed)} places: {', '.join(listed)}. Write the whole name.",
    )


def _unknown(township_code: str, name: str) -> PlaceMatch:
    return PlaceMatch(
        "",
        township_code,
        (),
        f"区划表里没有“{name}”，请核对地名。",
        f"{name} is not in the table of regions: check it.",
    )
