"""What is due, done and missing in one place on a found day, with the money, the diseases and the data behind it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import allow
from yingjin.care.files import disease_list
from yingjin.fusion.formats import registers
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.models import Finding
from yingjin.insight import figures
from yingjin.insight.domain.suppression import FEW, HELD
from yingjin.insight.domain.tallies import BASE, DISEASE, LACKING, MONEY, PERSONS, QUALITY
from yingjin.insight.domain.tallies import DUE as ALL_DUE
from yingjin.insight.models import Tally
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.categories import disease_name
from yingjin.insight.queries.findings import FoundPlace, found_place
from yingjin.insight.queries.kept import kept
from yingjin.insight.queries.places import places_below
from yingjin.insight.queries.provenance import register_zh
from yingjin.insight.queries.shapes import (
    Cell,
    DataQuality,
    DiseaseRow,
    DiseaseTable,
    DueCount,
    FiguresLine,
    MoneyFlow,
    MoneyLine,
    Overview,
    PlaceRow,
    PreviousFinding,
    RegisterState,
)

NOTE = gettext_lazy(
    "不足 10 人的写“<10”，次数和费用一并不写；写“略”的，是为了不让人从别处减出小数。没有人患的病不列。"
)
Tallies = dict[str, list[Tally]]


def overview(reader: Any, on: date, region_code: str | None = None) -> Overview:
    """Return the overview of the reader's own region, or of a part of it, on a found day.

    Errors: NotFound for a place outside the scope; DayNotFound.
    """
    allow(reader, "read_overview")
    at = found_place(reader, on, region_code or "")
    return kept(at, "overview", lambda: _overview(reader, at))


def _overview(reader: Any, at: FoundPlace) -> Overview:
    on = at.finding.on
    tallies: Tallies = defaultdict(list)
    for row in at.tallies():
        tallies[row.measure].append(row)
    counted = _counted(at)
    base = next(iter(tallies[BASE]), None)
    quality = _quality(tallies[QUALITY], at.finding)
    return Overview(
        place=at.place,
        on=on,
        persons_in_base=base.persons if base else 0,
        households_in_base=base.count if base else 0,
        dues=_dues(counted, tallies[PERSONS]),
        places=_places(reader, at),
        late=sum(count for (_, _, late), count in counted.items() if late),
        persons_lacking=_persons(tallies[PERSONS], "", LACKING),
        money=_money(on, tallies[MONEY], quality),
        diseases=_diseases(tallies[DISEASE]),
        quality=quality,
        figures=_figures(),
        previous=_previous(at),
    )


Counted = dict[tuple[str, str, bool], int]  # due, status, late -> dues


def _counted(at: FoundPlace) -> Counted:
    rows = at.due_tallies().values_list("due", "status", "late").annotate(dues=Sum("count")).order_by()
    return {(due, status, late): dues for due, status, late, dues in rows}


def _dues(counted: Counted, persons: Sequence[Tally]) -> list[DueCount]:
    def dues(due: str, status: str) -> int:
        return sum(counted.get((due, status, late), 0) for late in (False, True))

    return [
        DueCount(
            due=due,
            done=dues(due, "done"),
            open=dues(due, "open"),
            unknown=dues(due, "unknown"),
            excepted=dues(due, "excepted"),
            persons_due=_persons(persons, due, ALL_DUE),
            persons_lacking=_persons(persons, due, LACKING),
        )
        for due in DUES
    ]


def _persons(rows: Iterable[Tally], due: str, kind: str) -> int:
    return sum(row.persons for row in rows if row.subject == due and row.status == kind)


def _places(reader: Any, at: FoundPlace) -> list[PlaceRow]:
    """Return every place one level below with what is lacking there, the complete ones too; a village is its own row."""
    below = places_below(reader, at.place.code)
    base, dues = (at.tallies_below(), at.due_tallies_below()) if below else (at.tallies(), at.due_tallies())
    persons = dict(base.filter(measure=BASE).values_list("region_code", "persons"))
    lacking: dict[str, dict[str, int]] = {}
    late: dict[str, int] = defaultdict(int)
    groups = dues.filter(status__in=("open", "unknown")).values_list("region_code", "due", "late")
    for code, due, past, count in groups.annotate(dues=Sum("count")).order_by():
        lacking.setdefault(code, dict.fromkeys(DUES, 0))[due] += count
        late[code] += count if past else 0
    return [
        PlaceRow(
            place=each,
            persons_in_base=persons.get(each.code, 0),
            lacking=lacking.get(each.code) or dict.fromkeys(DUES, 0),
            late=late[each.code],
        )
        for each in below or [at.place]
    ]


def _money(on: date, rows: Sequence[Tally], quality: DataQuality) -> MoneyFlow:
    amounts = {row.subject: row.amount_fen for row in rows}
    labels = {
        "total": _("总费用"),
        **{layer.layer: layer.label_zh for layer in layer_names()},
        "own_in_scope": _("本人付（目录内）"),
        "own_out_of_scope": _("本人付（目录外）"),
    }
    return MoneyFlow(
        year=on.year,
        from_on=date(on.year, 1, 1),
        until_on=on,
        bills=next((row.count for row in rows), 0),
        lines=[MoneyLine(kind, label, amounts.get(kind, 0)) for kind, label in labels.items()],
        in_scope_fen=amounts.get("in_scope", 0),
        held_bills=quality.held_bills,
        incomplete_years=quality.incomplete_years,
    )


def _diseases(rows: Sequence[Tally]) -> DiseaseTable:
    """Return the diseases in the order of the list: an order by number would tell what is hidden."""
    by_name = {row.subject: row for row in rows if row.persons}
    diseases = disease_list()
    return DiseaseTable(
        rows=[
            DiseaseRow(
                code=name,
                name_zh=disease_name(name),
                special=True,
                sensitive=diseases.sensitive_disease(name),
                persons=_cell(by_name[name], by_name[name].persons),
                stays=_cell(by_name[name], by_name[name].count, few=False),
                cost_fen=_cell(by_name[name], by_name[name].amount_fen, few=False),
            )
            for name in diseases.by_name
            if name in by_name
        ],
        total=None,
        note_zh=str(NOTE),
    )


def _cell(row: Tally, value: int, *, few: bool = True) -> Cell:
    if row.status in (FEW, HELD):
        return Cell(None, few=few and row.status == FEW)
    return Cell(value)


def _quality(rows: Sequence[Tally], finding: Finding) -> DataQuality:
    counts = {row.subject: row.count for row in rows}
    states = _registers(finding)
    return DataQuality(
        registers=states,
        rows=sum(state.rows for state in states),
        refused=sum(state.refused for state in states),
        unlinked=counts.get("unlinked", 0),
        disagreements=counts.get("disagreements", 0),
        held_bills=counts.get("held", 0),
        incomplete_years=counts.get("incomplete", 0),
        cancelled=counts.get("cancelled", 0),
    )


def _registers(finding: Finding) -> list[RegisterState]:
    landed: dict[str, dict[str, Any]] = finding.summary.registers
    return [
        RegisterState(
            register=name,
            label_zh=register_zh(name),
            files=landed.get(name, {}).get("files", 0),
            rows=landed.get(name, {}).get("rows", 0),
            refused=landed.get(name, {}).get("refused", 0),
            withdrawn=landed.get(name, {}).get("withdrawn", 0),
            landed_at=datetime.fromisoformat(landed[name]["landed_at"]) if name in landed else None,
        )
        for name, register in registers().items()
    ]


def _figures() -> FiguresLine:
    summary = figures.summary()
    return FiguresLine(
        figures=summary.figures,
        identities=summary.identities,
        hold=summary.identities - summary.identities_broken,
        broken=summary.identities_broken,
    )


def _previous(at: FoundPlace) -> PreviousFinding | None:
    before = Finding.objects.filter(on__lt=at.finding.on).order_by("-on").first()
    if before is None:
        return None
    rows = FoundPlace(before, at.sight, at.place).due_tallies().filter(status__in=("open", "unknown"))
    lacking = dict.fromkeys(DUES, 0)
    for due, dues in rows.values_list("due").annotate(dues=Sum("count")).order_by():
        lacking[due] = dues
    return PreviousFinding(before.on, lacking)
