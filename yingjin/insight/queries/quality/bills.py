"""Bills that are in no total, and years whose money is not whole.

Those that count are excluded first, in the words of the index of those that do not.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.money import yuan
from yingjin.insight.queries.places import codes_of_homes, home, places_named
from yingjin.insight.queries.quality.sheet import NUMBER, TEXT, Part, Sheet
from yingjin.insight.queries.shapes import QualityRow
from yingjin.insight.queries.sight import Sight
from yingjin.registry.queries import place_written
from yingjin.settlement.domain.states import CANCELLED, COUNTED, HELD, HELD_DEAD, HELD_NOT_ENROLLED
from yingjin.settlement.models import Bill, Replay

BILL_HEAD = [
    (gettext_lazy("出院"), TEXT),
    (gettext_lazy("谁"), TEXT),
    (gettext_lazy("医院"), TEXT),
    (gettext_lazy("总费用（元）"), NUMBER),
]

HELD_WHY = {
    HELD_DEAD: gettext_lazy("出院在登记的去世日之后"),
    HELD_NOT_ENROLLED: gettext_lazy("这一年没有参保记录"),
}


def held(sight: Sight) -> Sheet:
    """Return the bills of the dead and of the not enrolled: worked out, but in no total until somebody looks."""
    bills = sight.seen_among(sight.bills().exclude(state=COUNTED).filter(state__in=HELD)).select_related(
        "person"
    )
    return Sheet(
        title_zh=_("暂不计的账单"),
        answer_zh=_(
            "有 {count} 张账单暂不计入任何合计。核对去世日期和参保记录；登记册改正后重新运行就会计入。"
        ),
        empty_zh=_("没有暂不计的账单。"),
        head=[*BILL_HEAD, (_("为什么"), TEXT)],
        parts=[Part(bills.order_by("-discharged_on", "bill_id"), _held_rows)],
    )


def _held_rows(bills: Sequence[Bill]) -> list[QualityRow]:
    return [_bill_row(bill, str(HELD_WHY[bill.state])) for bill in bills]


def cancelled(sight: Sight) -> Sheet:
    """Return the cancelled bills with the row that cancels each."""
    bills = sight.seen_among(sight.bills().exclude(state=COUNTED).filter(state=CANCELLED)).select_related(
        "person"
    )
    return Sheet(
        title_zh=_("作废的账单"),
        answer_zh=_("有 {count} 张账单被冲销，不计入任何合计，留着备查。"),
        empty_zh=_("没有作废的账单。"),
        head=[*BILL_HEAD, (_("冲销它的结算"), TEXT)],
        parts=[Part(bills.order_by("-discharged_on", "bill_id"), _cancelled_rows)],
    )


def _cancelled_rows(bills: Sequence[Bill]) -> list[QualityRow]:
    cancelling = Bill.objects.filter(
        person__in={bill.person_id for bill in bills}, cancels__in=[bill.bill_id for bill in bills]
    )
    by = dict(cancelling.values_list("cancels", "bill_id"))
    return [_bill_row(bill, by.get(bill.bill_id, "")) for bill in bills]


def _bill_row(bill: Bill, last: str) -> QualityRow:
    cells = [bill.discharged_on.isoformat(), bill.person.name, bill.facility_name, yuan(bill.total_fen), last]
    return QualityRow(cells, person_key=bill.person_id, bill_key=str(bill.key))


def incomplete(sight: Sight) -> Sheet:
    """Return the person-years that lack a bill because its row was refused."""
    years = sight.replays().filter(incomplete=True).select_related("person")
    return Sheet(
        title_zh=_("账不全的人年"),
        answer_zh=_(
            "有 {count} 个人年里有账单被拒收，金额可能偏少。到“拒收行”看原因，改好再运行一次主流程。"
        ),
        empty_zh=_("没有账不全的人年。"),
        head=[(_("谁"), TEXT), (_("年"), TEXT), (_("住在"), TEXT), (_("重放"), TEXT)],
        parts=[Part(years.order_by("region_code", "person", "year"), _year_rows)],
    )


def _year_rows(years: Sequence[Replay]) -> list[QualityRow]:
    named = places_named(codes_of_homes(each.person.region_code for each in years))
    return [
        QualityRow(
            [
                each.person.name,
                str(each.year),
                " ".join(
                    place_written(place.name)
                    for place in reversed(home(each.person.region_code, named))
                    if place.name
                ),
                _("第 {version} 版").format(version=each.version),
            ],
            person_key=each.person_id,
        )
        for each in years
    ]
