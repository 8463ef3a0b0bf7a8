"""Which files came, and which of their rows were refused and why."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import within
from yingjin.basics.identity import masked
from yingjin.basics.language import chosen
from yingjin.care.files import disease_list
from yingjin.fusion import queries as fusion
from yingjin.fusion.formats import kinds, registers
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.gaps.models import Finding
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES
from yingjin.insight.queries.provenance import register_zh
from yingjin.insight.queries.quality.sheet import NUMBER, TEXT, Listed, Part, Sheet
from yingjin.insight.queries.shapes import QualityRow
from yingjin.insight.queries.sight import Sight
from yingjin.registry.models import Person

COUNTY_DIGITS = 6
FILE_STATES = {
    "landed": gettext_lazy("已收下"),
    "refused": gettext_lazy("整份拒收"),
    "undone": gettext_lazy("已撤销"),
}


def files(sight: Sight) -> Sheet:
    """Return every file that came, the newest first; only for readers of the whole county."""
    landed = fusion.landed_files() if sees_whole_county(sight) else []
    return Sheet(
        title_zh=_("导入的文件"),
        answer_zh=_("共 {count} 份文件。整份拒收的，照原因改好再运行一次主流程。"),
        empty_zh=_("没有可看的文件：文件是全县的，村里和乡里看不到。"),
        head=[
            (_("登记册"), TEXT),
            (_("文件"), TEXT),
            (_("行数"), NUMBER),
            (_("收下"), NUMBER),
            (_("拒收"), NUMBER),
            (_("怎么样"), TEXT),
            (_("何时收到"), TEXT),
        ],
        parts=[Part(Listed(landed), _file_rows)],
    )


def _file_rows(landed: Sequence[fusion.LandedFile]) -> list[QualityRow]:
    return [
        QualityRow(
            [
                register_zh(each.register),
                each.name,
                f"{each.rows:,}",
                f"{each.accepted:,}",
                f"{each.refused:,}",
                _file_state(each),
                f"{timezone.localtime(each.landed_at):%Y-%m-%d %H:%M}",
            ]
        )
        for each in landed
    ]


def _file_state(landed: fusion.LandedFile) -> str:
    state, why = FILE_STATES.get(landed.status, landed.status), chosen(landed.reason_zh, landed.reason_en)
    return _("{state}：{why}").format(state=state, why=why) if why else str(state)


def refused(sight: Sight) -> Sheet:
    """Return the refused rows of people of the scope; those of nobody known only for readers of the whole county."""
    return Sheet(
        title_zh=_("拒收行"),
        answer_zh=_("有 {count} 行没有收下。照原因改好文件，再运行一次主流程；好的行已经收下，不受影响。"),
        empty_zh=_("每一行都收下了。"),
        head=[
            (_("登记册"), TEXT),
            (_("文件"), TEXT),
            (_("行"), NUMBER),
            (_("编号"), TEXT),
            (_("为什么没有收下"), TEXT),
        ],
        parts=[Part(_refused(sight), lambda rows: _refused_rows(sight, rows))],
    )


def sees_whole_county(sight: Sight) -> bool:
    """Say whether a reader sees all of the county that the data are of, and so what belongs to nobody in it."""
    found = Finding.objects.order_by("-on").values_list("region_code", flat=True).first()
    county = found or _county_of_people()
    return bool(county) and sight.scope.covers(county) and not sight.scope.facility_code


def _county_of_people() -> str:
    """Return the county of the people held, before any day was found."""
    codes = (
        Person.objects.filter(region_code__gt="")
        .order_by("region_code")
        .values_list("region_code", flat=True)
    )
    return (codes.first() or "")[:COUNTY_DIGITS]


def _refused(sight: Sight) -> QuerySet[Row]:
    rows = Row.objects.filter(register__in=list(registers()), current=True, accepted=False)
    if not sees_whole_county(sight):
        people = RegisterPerson.objects.filter(register=OuterRef("register"), number=OuterRef("number"))
        rows = rows.exclude(number="").filter(Exists(within(people, sight.scope)))
    if not sight.scope.sees_sensitive:
        rows = rows.exclude(pk__in=list(_telling(rows)))
    return rows.prefetch_related("file").order_by("register", "kind", "file", "row_number")


def _telling(rows: QuerySet[Row]) -> Iterator[int]:
    """Yield the rows that name an illness only some readers may know of."""
    columns = _telling_columns()
    for pk, kind, payload in rows.filter(kind__in=columns).values_list("pk", "kind", "payload"):
        if any(_tells(payload.get(title, "")) for title in columns[kind]):
            yield pk


@cache
def _telling_columns() -> Mapping[str, Sequence[str]]:
    """Return, by kind of row, the columns that hold a diagnosis or a category."""
    telling = {
        name: [each.name for each in kind.columns if each.type == "icd10" or each.values == "category"]
        for name, kind in kinds().items()
    }
    return {name: titles for name, titles in telling.items() if titles}


def _tells(value: str) -> bool:
    text = value.strip().upper()
    return text in SENSITIVE_CATEGORIES or disease_list().sensitive(text)


def _refused_rows(sight: Sight, rows: Sequence[Row]) -> list[QualityRow]:
    whose = _whose(sight, rows)
    return [
        QualityRow(
            [
                register_zh(row.register),
                f"{row.file.name} “{row.sheet}”" if row.sheet else row.file.name,
                f"{row.row_number:,}",
                masked(row.number),
                _("；").join(_reasons(row)),
            ],
            person_key=whose.get((row.register, row.number)),
        )
        for row in rows
    ]


def _reasons(row: Row) -> list[str]:
    """Return why a row was refused, without what was only remarked on it."""
    said: list[dict[str, Any]] = row.reasons
    return [chosen(each["zh"], each["en"]).rstrip("。.") for each in said if each.get("refuses", True)]


def _whose(sight: Sight, rows: Sequence[Row]) -> dict[tuple[str, str], UUID]:
    """Return the people of the scope whom some rows are of, by register and number."""
    entries = RegisterPerson.objects.filter(
        register__in={row.register for row in rows}, number__in={row.number for row in rows if row.number}
    )
    whose = {
        (register, number): key
        for register, number, key in entries.values_list("register", "number", "person_id")
    }
    seen = set(sight.persons_of(set(whose.values())).values_list("pk", flat=True))
    return {name: key for name, key in whose.items() if key in seen}
