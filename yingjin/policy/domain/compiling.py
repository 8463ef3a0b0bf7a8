"""Turn a rulebook's contents into what one bill needs: the clauses that apply to its situation, decided once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from yingjin.basics.days import Interval, age_on
from yingjin.basics.money import WHOLE_BP
from yingjin.policy.domain.conditions import Situation
from yingjin.policy.domain.facts import BillFacts, PersonFacts
from yingjin.policy.domain.refusals import AfterRulebook, BeforeRulebook, RulebookRefused, UnknownLevel, Where
from yingjin.policy.domain.terms import (
    Band,
    Bound,
    Choice,
    Clause,
    Contents,
    Gate,
    Lookup,
    Order,
    Ratio,
    Supplement,
)


class Candidate(NamedTuple):
    """A clause that applies to a bill's situation, with its rate for the bill's level. Units: bp, fen.

    Without a threshold the rate goes on the whole base. `rate_from` tells how a raised rate came about.
    """

    clause: Clause
    rate_bp: int
    threshold_fen: int | None = None
    whole: bool = False
    stacked: bool = False
    rate_from: dict[str, Any] | None = None


class LayerPlan(NamedTuple):
    """What a layer may pay on: its place in the declared layers, the deductible, the clauses by number."""

    layer: str
    place: int
    deductible_fen: int
    deductible_clause: Clause | None
    candidates: tuple[Candidate, ...]


class Decision(NamedTuple):
    """What the rules say of a situation before any amount is known; `held` includes derived categories."""

    held: tuple[str, ...]
    gate: Gate | None
    plans: tuple[LayerPlan, ...]


@dataclass
class Version:
    """The clauses in force from one day to another. Decisions are kept: situations are few, bills are many."""

    label: str
    valid: Interval
    contents: Contents
    clauses: tuple[Clause, ...]
    order: tuple[str, ...]
    ages: tuple[int, ...]
    decisions: dict[tuple[object, ...], Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        contents = self.contents
        self.readings = {each.id: contents.readings_of(each.parameters) for each in self.clauses}
        self.deductible_readings = {
            each.id: contents.readings_of(each.terms.deductible_parameters)
            for each in self.clauses
            if isinstance(each.terms, Lookup)
        }
        self.accumulator_of: dict[str, str | None] = dict.fromkeys(self.order)
        self.accumulator_of.update((each.layer, each.id) for each in contents.accumulators)

    def readings_of_gate(self, gate: Gate | None) -> dict[str, str]:
        """Return the readings behind a bill being paid by no layer, or behind its passing every gate."""
        gates = self.contents.gates if gate is None else (gate,)
        asked = {key for each in gates for key in each.parameters}
        return self.contents.readings_of((*self.contents.reference_parameters, *sorted(asked)))

    def decide(self, person: PersonFacts, bill: BillFacts, on: date) -> Decision:
        """Return which clauses apply to a bill whose reference day is `on`. Errors: UnknownLevel."""
        held = held_on(person, on)
        age = age_on(person.born_on, on) if self.ages and person.born_on else UNKNOWN_AGE
        reached = tuple([age >= limit for limit in self.ages])
        key = (held, reached, bill.setting, bill.level, bill.in_county, bill.designated, bill.public)
        decision = self.decisions.get(key)
        if decision is None:
            ages = frozenset(limit for limit in self.ages if age >= limit)
            decision = self._decision(Situation(held, ages, *key[2:]))
            self.decisions[key] = decision
        return decision

    def _decision(self, it: Situation) -> Decision:
        levels = self.contents.levels
        if it.level not in levels:
            raise UnknownLevel(it.level, tuple(levels))
        it = with_derived(it, self.contents)
        gate = next((each for each in self.contents.gates if each.when.met(it)), None)
        plans = () if gate else tuple(self._plan(layer, it) for layer in self.order)
        return Decision(tuple(sorted(it.held)), gate, plans)

    def _plan(self, layer: str, it: Situation) -> LayerPlan:
        of_layer = [clause for clause in self.clauses if clause.layer == layer]
        lookup = next(((each, each.terms) for each in of_layer if isinstance(each.terms, Lookup)), None)
        bound = next(((each, each.terms) for each in of_layer if isinstance(each.terms, Bound)), None)
        base_bp = lookup[1].rates_bp[it.level] if lookup else 0
        applicable = [_candidate(each, it.level, base_bp, bound) for each in of_layer if each.when.met(it)]
        return LayerPlan(
            layer,
            [each.id for each in self.contents.layers].index(layer),
            lookup[1].deductibles_fen[it.level] if lookup else 0,
            lookup[0] if lookup else None,
            tuple(each for each in applicable if each is not None),
        )


UNKNOWN_AGE = -1  # reaches no limit: a birthday no register knows gives no right


def held_on(person: PersonFacts, on: date) -> frozenset[str]:
    """Return the categories a person holds on a day."""
    if not person.categories:
        return NOTHING
    return frozenset(
        [
            category
            for category, valid_from, valid_to in person.categories
            if valid_from <= on and (valid_to is None or on < valid_to)
        ]
    )


NOTHING: frozenset[str] = frozenset()


def with_derived(it: Situation, contents: Contents) -> Situation:
    """Return the situation with the categories that follow from the registered ones."""
    derived = {
        each.id for each in contents.categories.values() if each.derived is not None and each.derived.met(it)
    }
    return it._replace(held=it.held | derived)


def _candidate(
    clause: Clause, level: str, base_bp: int, bound: tuple[Clause, Bound] | None
) -> Candidate | None:
    terms = clause.terms
    if isinstance(terms, Lookup):
        return Candidate(clause, terms.rates_bp[level])
    if isinstance(terms, Ratio):
        return Candidate(clause, terms.rate_bp)
    if isinstance(terms, Band):
        return Candidate(clause, terms.rate_bp, terms.threshold_fen, terms.whole, terms.stacked)
    if isinstance(terms, Supplement):
        return _raised(clause, terms, base_bp, bound)
    return None


def _raised(clause: Clause, terms: Supplement, base_bp: int, bound: tuple[Clause, Bound] | None) -> Candidate:
    most_bp = bound[1].rate_max_bp if bound else WHOLE_BP
    rate_bp = base_bp + terms.adds_bp + base_bp * terms.raises_by_bp // WHOLE_BP
    rate_from = {
        "clause": terms.on,
        "base_bp": base_bp,
        "adds_bp": terms.adds_bp,
        "raises_by_bp": terms.raises_by_bp,
        "most_bp": most_bp,
        "most_clause": bound[0].id if bound else None,
    }
    return Candidate(clause, min(rate_bp, most_bp), rate_from=rate_from)


class Rulebook:
    """A rulebook ready to work out bills: its contents, its file's digest, its versions in order."""

    def __init__(self, contents: Contents, digest: str, file: str) -> None:
        self.contents = contents
        self.name = contents.name
        self.digest = digest
        self.file = file
        self.layers = tuple(layer.id for layer in contents.layers)
        self.readings = {key: each.reading for key, each in contents.parameters.items()}
        self.switched = {
            key: each.reading for key, each in contents.parameters.items() if each.reading != each.own_reading
        }
        refuse_broken_dates(contents, file)
        self.versions = tuple(self._versions())

    def _versions(self) -> Iterable[Version]:
        for valid in version_intervals(self.contents):
            clauses = self.contents.clauses_on(valid.valid_from)
            refuse_unusable(clauses, self.contents, valid.valid_from, self.file)
            order = next(clause.terms.layers for clause in clauses if isinstance(clause.terms, Order))
            ages = {age for clause in clauses for age in clause.when.ages()}
            ages.update(*(each.derived.ages() for each in self.contents.categories.values() if each.derived))
            ages.update(*(gate.when.ages() for gate in self.contents.gates))
            label = f"{self.name}@{valid.valid_from.isoformat()}+{self.digest[:12]}"
            yield Version(label, valid, self.contents, clauses, order, tuple(sorted(ages)))

    def reference_day(self, admitted_on: date | None, discharged_on: date) -> date:
        """Return the day that decides version, categories and age (P02)."""
        if self.contents.reference_day == "admitted_on" and admitted_on is not None:
            return admitted_on
        return discharged_on

    def version_on(self, on: date) -> Version:
        """Return the version in force on a day. Errors: BeforeRulebook, AfterRulebook."""
        for version in reversed(self.versions):
            if version.valid.valid_from <= on:
                if version.valid.valid_to is not None and version.valid.valid_to <= on:
                    raise AfterRulebook(on, version.valid.valid_to)
                return version
        raise BeforeRulebook(on, self.contents.valid.valid_from)


def version_intervals(contents: Contents) -> list[Interval]:
    """Return the stretches of days within which no clause begins or ends."""
    first, last = contents.valid.valid_from, contents.valid.valid_to
    days = {first}
    for clause in contents.clauses:
        days.update(day for day in (clause.valid.valid_from, clause.valid.valid_to) if day is not None)
    inside = sorted(day for day in days if first <= day and (last is None or day < last))
    return [Interval(*each) for each in pairwise([*inside, last])]  # type: ignore[arg-type]


def refuse_broken_dates(contents: Contents, file: str) -> None:
    """Refuse a clause outside the rulebook's days, and a gap or an overlap between two of one number."""
    ordered = sorted(contents.clauses, key=lambda each: (each.number, each.valid.valid_from))
    for _, same in groupby(ordered, key=lambda each: each.number):
        listed = list(same)
        for clause in listed:
            _refuse_outside(clause, contents.valid, Where(file, clause.id, "valid_from"))
        for one, after in pairwise(listed):
            if one.valid.valid_to != after.valid.valid_from:
                raise RulebookRefused(
                    Where(file, one.id, "valid_to"),
                    f"是 {one.valid.valid_to or '空'}，下一段从 {after.valid.valid_from} 起，两段要首尾相接。",
                    f"is {one.valid.valid_to or 'blank'} but the next stretch begins on {after.valid.valid_from}:"
                    " there is a gap or an overlap of days.",
                )


def _refuse_outside(clause: Clause, book: Interval, where: Where) -> None:
    end, last = clause.valid.valid_to, book.valid_to
    if clause.valid.valid_from < book.valid_from or (last is not None and (end is None or end > last)):
        raise RulebookRefused(
            where,
            f"到 valid_to 超出了规则书自己的 {book.valid_from} 至 {last or '以后'}。",
            f"to valid_to reaches outside the rulebook's own days {book.valid_from} to {last or 'open'}.",
        )


def refuse_unusable(clauses: tuple[Clause, ...], contents: Contents, on: date, file: str) -> None:
    """Refuse a stretch of days in which some layer has no clause, two tables, or a supplement on nothing."""
    for name, kind in (("order", Order), ("choice", Choice)):
        count = sum(isinstance(clause.terms, kind) for clause in clauses)
        if count != 1:
            raise RulebookRefused(
                Where(file, "clauses", name),
                f"从 {on} 起有 {count} 条，要正好一条。",
                f"from {on} has {count} clauses, exactly one is needed.",
            )
    for layer in contents.layers:
        of_layer = [clause for clause in clauses if clause.layer == layer.id]
        if not any(isinstance(clause.terms, Lookup | Ratio | Band) for clause in of_layer):
            raise RulebookRefused(
                Where(file, "layers", layer.id),
                f"从 {on} 起没有一条付钱的条款，日期有空档。",
                f"from {on} has no clause that pays: there is a gap of days.",
            )
        _refuse_tables(of_layer, on, file)


def _refuse_tables(of_layer: list[Clause], on: date, file: str) -> None:
    tables = {clause.id: clause for clause in of_layer if isinstance(clause.terms, Lookup)}
    bounds = [clause for clause in of_layer if isinstance(clause.terms, Bound)]
    for extra in [*list(tables.values())[1:], *bounds[1:]]:
        raise RulebookRefused(
            Where(file, extra.id, "kind"),
            f"从 {on} 起同一层有两条 {extra.kind}。",
            f"from {on} is a second {extra.kind} in one layer.",
        )
    for clause in of_layer:
        if isinstance(clause.terms, Supplement):
            _refuse_supplement(clause, clause.terms, tables.get(clause.terms.on), on, file)


def _refuse_supplement(clause: Clause, terms: Supplement, table: Clause | None, on: date, file: str) -> None:
    if table is None or not isinstance(table.terms, Lookup):
        raise RulebookRefused(
            Where(file, clause.id, "raises"),
            f"指向 {terms.on}，从 {on} 起同一层没有这张比例表。",
            f"points to {terms.on}, but from {on} this layer has no such table.",
        )
    if any(rate_bp * terms.raises_by_bp % WHOLE_BP for rate_bp in table.terms.rates_bp.values()):
        raise RulebookRefused(
            Where(file, clause.id, "raises_by_bp"),
            "让某一级的比例不是整数万分之一。",
            "makes some level's rate no whole number of ten-thousandths.",
        )
