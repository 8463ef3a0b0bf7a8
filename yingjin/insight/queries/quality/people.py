"""Who may be one person but is not linked, and where registers disagree."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import within
from yingjin.basics.identity import masked
from yingjin.fusion.models import RegisterPerson, UnlinkedPair
from yingjin.insight.queries.bill_basis import grade_zh, level_zh
from yingjin.insight.queries.places import codes_of_homes, home, places_named
from yingjin.insight.queries.provenance import FIELDS_ZH, register_zh, told_apart
from yingjin.insight.queries.quality.sheet import TEXT, Part, Sheet
from yingjin.insight.queries.shapes import QualityRow
from yingjin.insight.queries.sight import Sight
from yingjin.registry.queries import place_written
from yingjin.settlement.models import Bill

WHY_ZH = {
    UnlinkedPair.SAME_NUMBER: gettext_lazy("证件号相同，姓名不同"),
    UnlinkedPair.SAME_NAME_VILLAGE: gettext_lazy("同名同村，证件号对不上"),
}
OUTSIDE = gettext_lazy("住在辖区外，请县里核对")


def unlinked(sight: Sight) -> Sheet:
    """Return the pairs of register persons who may be one, for people to decide."""
    pairs = within(UnlinkedPair.objects.select_related("one__person", "other__person"), sight.scope)
    return Sheet(
        title_zh=_("未对上"),
        answer_zh=_("有 {count} 对可能是同一个人，登记册之间没有对上。核对号码和姓名，改正登记册。"),
        empty_zh=_("没有可能是同一个人却没有对上的。"),
        head=[(_("为什么列出"), TEXT), (_("一边"), TEXT), (_("另一边"), TEXT), (_("住在"), TEXT)],
        parts=[
            Part(
                pairs.order_by("region_code", "one__person__pinyin", "pk"),
                lambda rows: _pair_rows(sight, rows),
            )
        ],
    )


def _pair_rows(sight: Sight, pairs: Sequence[UnlinkedPair]) -> list[QualityRow]:
    named = places_named(codes_of_homes(pair.region_code for pair in pairs))
    return [
        QualityRow(
            [
                _why(pair),
                _side(sight, pair.one),
                _side(sight, pair.other),
                " ".join(
                    place_written(each.name) for each in reversed(home(pair.region_code, named)) if each.name
                ),
            ],
            person_key=_opens(sight, pair),
        )
        for pair in pairs
    ]


def _why(pair: UnlinkedPair) -> str:
    """Say why two are listed, and that numbers differ where only their masked digits do: shown, they look alike."""
    why = str(WHY_ZH.get(pair.why, pair.why))
    one, other = pair.one.identity_number, pair.other.identity_number
    alike = one != other and masked(one) == masked(other)
    return _("{why}（遮住的几位不同）").format(why=why) if alike else why


def _side(sight: Sight, entry: RegisterPerson) -> str:
    """Return one side: register, name, number; of somebody outside the scope only the register."""
    register = register_zh(entry.register)
    if _outside(sight, entry):
        return _("{register}：{what}").format(register=register, what=OUTSIDE)
    number = masked(entry.identity_number) or _("证件号空")
    return _("{register}：{name}，{number}").format(register=register, name=entry.name, number=number)


def _opens(sight: Sight, pair: UnlinkedPair) -> Any:
    sides = (pair.one, pair.other)
    return next((each.person_id for each in sides if each.person_id and not _outside(sight, each)), None)


def _outside(sight: Sight, entry: RegisterPerson) -> bool:
    """Say whether somebody is not the reader's: by this register, or because the person behind it lives elsewhere."""
    if not sight.scope.covers(entry.region_code):
        return True
    there = entry.person_id is not None
    return there and (entry.person is None or not sight.scope.covers(entry.person.region_code))


def disagreements(sight: Sight) -> Sheet:
    """Return the people on whom a register disagrees with itself, then the bills whose hospital grade does not fit."""
    people = RegisterPerson.objects.filter(withdrawn=False, disagrees=True).select_related("person")
    bills = sight.seen_among(sight.bills().filter(level_differs=True)).select_related("person")
    return Sheet(
        title_zh=_("互相矛盾"),
        answer_zh=_("有 {count} 处说法不一。核对哪一种对，改正登记册，再运行一次主流程。"),
        empty_zh=_("登记册没有互相矛盾的地方。"),
        head=[(_("登记册"), TEXT), (_("谁"), TEXT), (_("哪一项"), TEXT), (_("几种说法，新的在前"), TEXT)],
        parts=[
            Part(
                within(people, sight.scope).order_by("register", "number"),
                lambda rows: _people_rows(sight, rows),
            ),
            Part(bills.order_by("-discharged_on", "bill_id"), _grade_rows),
        ],
    )


def _people_rows(sight: Sight, entries: Sequence[RegisterPerson]) -> list[QualityRow]:
    return [_people_row(entry, outside=_outside(sight, entry)) for entry in entries]


def _people_row(entry: RegisterPerson, *, outside: bool) -> QualityRow:
    """Return what a register says differently of somebody; of whom it is not the reader's, only that it does."""
    who = _("{name}，编号 {number}").format(name=entry.name, number=masked(entry.number))
    versions = _("；").join(_versions(field, values) for field, values in entry.disagreements.items())
    return QualityRow(
        [
            register_zh(entry.register),
            str(OUTSIDE) if outside else who,
            _("、").join(str(FIELDS_ZH.get(field, field)) for field in entry.disagreements),
            "–" if outside else versions,
        ],
        person_key=None if outside else entry.person_id,
    )


def _versions(field: str, values: Sequence[str]) -> str:
    return " / ".join(told_apart(values, field))


def _grade_rows(bills: Sequence[Bill]) -> list[QualityRow]:
    return [
        QualityRow(
            [
                register_zh("insurance"),
                _("{name}，{day} 出院").format(name=bill.person.name, day=bill.discharged_on),
                _("医院等级"),
                _("报来 {reported} / 机构名单 {listed}（{facility}）").format(
                    reported=grade_zh(bill.level_reported),
                    listed=level_zh(bill.level),
                    facility=bill.facility_name,
                ),
            ],
            person_key=bill.person_id,
            bill_key=str(bill.key),
        )
        for bill in bills
    ]
