"""Turn a rulebook file's data into terms, one reading chosen for each open parameter."""

import re
from collections.abc import Mapping
from typing import Any

from yingjin.policy.domain.conditions import ALWAYS, Condition
from yingjin.policy.domain.fields import Fields, Readings
from yingjin.policy.domain.refusals import RulebookRefused, UnknownReading, Where
from yingjin.policy.domain.terms import (
    Accumulator,
    Band,
    Bound,
    Category,
    Choice,
    Clause,
    Contents,
    Gate,
    Layer,
    Level,
    Lookup,
    Open,
    Order,
    Parameter,
    Ratio,
    Reading,
    Supplement,
    Terms,
    Text,
)

CLAUSE_ID = re.compile(r"R(\d{1,3})", re.ASCII)
PARAMETER_ID = re.compile(r"P\d{2}", re.ASCII)
SETTINGS = ("inpatient", "outpatient")
LAYERED = ("lookup", "ratio", "supplement", "band", "bound", "choice", "open")
KINDS = (*LAYERED, "order")
AGE_MAX = 150


def read_parameters(data: Any, file: str, switched: Mapping[str, str]) -> dict[str, Parameter]:
    """Return the open parameters with the reading in force for each.

    Errors: RulebookRefused for the file's own faults, UnknownReading for a reading asked for that is not offered.
    """
    top = Fields(data, Where(file), Readings({}, {}))
    parameters = {key: _parameter(key, one, switched) for key, one in top.each("parameters")}
    for key, reading in switched.items():
        if key not in parameters:
            raise UnknownReading(key, reading, [])
    return parameters


def _parameter(key: str, one: Fields, switched: Mapping[str, str]) -> Parameter:
    if not PARAMETER_ID.fullmatch(key):
        raise RulebookRefused(
            one.where, "不是参数编号，写成 P01 的样子。", "is no parameter number like P01."
        )
    readings = tuple(_reading(name, each) for name, each in one.each("readings"))
    allowed = tuple(each.id for each in readings if each.supported)
    own = one.word("reading", allowed)
    chosen = switched.get(key, own)
    if chosen not in allowed:
        raise UnknownReading(key, chosen, allowed)
    asks = Text(one.text("zh"), one.text("en"))
    parameter = Parameter(key, asks, chosen, own, one.flag("assumed"), readings)
    one.done()
    return parameter


def _reading(name: str, one: Fields) -> Reading:
    supported = one.flag("supported") or "supported" not in one
    reading = Reading(name, Text(one.text("zh"), one.text("en")), supported)
    one.done()
    return reading


def build(data: Any, file: str, parameters: dict[str, Parameter]) -> Contents:
    """Return the rulebook's contents under the readings in force. Errors: RulebookRefused."""
    readings = Readings(
        {key: each.reading for key, each in parameters.items()},
        {key: each.supported() for key, each in parameters.items()},
    )
    top = Fields(data, Where(file), readings)
    top.raw("parameters")
    top.word("unit", ("person",))
    top.word("accumulation_year", ("calendar_year_of_discharge",))
    rounding = top.fields("rounding")
    rounding.word("mode", ("half_up",))
    rounding.word("after", ("each_layer",))
    rounding.done()
    layers = tuple(_layer(key, one) for key, one in top.each("layers"))
    names = tuple(layer.id for layer in layers)
    accumulators = tuple(_accumulator(key, one, names) for key, one in top.each("accumulators"))
    levels = {key: _level(key, one) for key, one in top.each("levels")}
    reader = _ConditionReader(top, tuple(levels))
    with readings.noted() as reference_parameters:
        reference_day = top.word("reference_day", ("discharged_on", "admitted_on"))
    contents = Contents(
        name=top.text("name"),
        region=top.text("region"),
        title=top.texts("title"),
        source=top.texts("source"),
        valid=top.interval(),
        assumed=top.words("assumed", tuple(top.data)),
        reference_day=reference_day,
        reference_parameters=tuple(sorted(reference_parameters)),
        layers=layers,
        accumulators=accumulators,
        levels=levels,
        categories=reader.categories,
        gates=tuple(_gate(key, one, reader, parameters) for key, one in top.each("no_layer_pays")),
        clauses=tuple(
            _ClauseReader(each, names, accumulators, reader, parameters).clause()
            for each in _with_clause_names(top)
        ),
        parameters=parameters,
    )
    top.done()
    _refuse_idle_parameters(contents, readings, Where(file))
    return contents


def _with_clause_names(top: Fields) -> list[Fields]:
    """Return the clauses, each telling its number where it speaks of a fault."""
    listed = top.listed("clauses")
    for one in listed:
        one.where = Where(top.where.file, str(one.data.get("id", one.where.field)))
    return listed


def _layer(key: str, one: Fields) -> Layer:
    layer = Layer(key, Text(one.text("zh"), one.text("en")), one.texts("payer"))
    one.done()
    return layer


def _accumulator(key: str, one: Fields, layers: tuple[str, ...]) -> Accumulator:
    accumulator = Accumulator(key, one.word("layer", layers), Text(one.text("zh"), one.text("en")))
    one.done()
    return accumulator


def _level(key: str, one: Fields) -> Level:
    level = Level(key, Text(one.text("zh"), one.text("en")), one.flag("never_in_county"))
    one.done()
    return level


def _gate(key: str, one: Fields, reader: "_ConditionReader", parameters: Mapping[str, Parameter]) -> Gate:
    with one.readings.noted() as used:
        gate = Gate(
            key,
            reader.condition(one.fields("when")),
            one.words("parameters", tuple(parameters)),
            Text(one.text("zh"), one.text("en")),
        )
    one.done()
    _refuse_unnamed_parameters(one, used | reader.behind(gate.when), gate.parameters)
    return gate


def _refuse_unnamed_parameters(one: Fields, used: set[str], named: tuple[str, ...]) -> None:
    """Refuse an entry that depends on a reading it does not name, for explanations show what is named."""
    for key in sorted(used.difference(named)):
        one.refuse(
            "parameters", f"里要有 {key}，因为有字段随它变。", f"must name {key}, for a field depends on it."
        )


class _ConditionReader:
    """Reads conditions over the levels and categories the file declares."""

    def __init__(self, top: Fields, levels: tuple[str, ...]) -> None:
        self.levels = levels
        entries = dict(top.each("categories"))
        self.names = tuple(key for key, one in entries.items() if "derived" not in one)
        registered = self.names
        self.categories = {}
        self.readings_behind: dict[str, set[str]] = {}
        for key, one in entries.items():
            with one.readings.noted() as used:
                derived = self.condition(one.fields("derived")) if "derived" in one else None
            self.readings_behind[key] = used
            self.categories[key] = Category(key, Text(one.text("zh"), one.text("en")), derived)
            one.done()
        self.names = (*registered, *(key for key in entries if key not in registered))

    def condition(self, one: Fields) -> Condition:
        """Return one condition; a derived category may be asked for by clauses, not by another derived one."""
        if not one.data:
            raise RulebookRefused(
                one.where, "是空的。写上条件，或者整个不写。", "is empty. State it or leave it out."
            )
        condition = Condition(
            holds=one.words("holds", self.names) if "holds" in one else (),
            aged_min=one.number("aged_min", AGE_MAX) if "aged_min" in one else None,
            setting=one.words("setting", SETTINGS) if "setting" in one else (),
            level=one.words("level", self.levels) if "level" in one else (),
            in_county=one.flag("in_county") if "in_county" in one else None,
            designated=one.flag("designated") if "designated" in one else None,
            public=one.flag("public") if "public" in one else None,
            any_of=tuple(map(self.condition, one.listed("any"))) if "any" in one else (),
            all_of=tuple(map(self.condition, one.listed("all"))) if "all" in one else (),
        )
        one.done()
        return condition

    def behind(self, condition: Condition) -> set[str]:
        """Return the parameters on which the categories of a condition depend."""
        return set().union(*(self.readings_behind[key] for key in condition.categories()))


class _ClauseReader:
    """Reads one clause."""

    def __init__(
        self,
        one: Fields,
        layers: tuple[str, ...],
        accumulators: tuple[Accumulator, ...],
        conditions: _ConditionReader,
        parameters: Mapping[str, Parameter],
    ) -> None:
        self.one = one
        self.layers = layers
        self.accumulators = accumulators
        self.conditions = conditions
        self.parameters = parameters

    def clause(self) -> Clause:
        """Return the clause. Errors: RulebookRefused."""
        one = self.one
        matched = CLAUSE_ID.fullmatch(one.text("id"))
        if matched is None:
            one.refuse("id", "不是条款编号，写成 R10 的样子。", "is no clause number like R10.")
        with one.readings.noted() as used:
            clause = self._clause(int(matched[1]))
        one.done()
        _refuse_unnamed_parameters(one, used | self.conditions.behind(clause.when), clause.parameters)
        return clause

    def _clause(self, number: int) -> Clause:
        one = self.one
        kind = one.word("kind", KINDS)
        layer = one.word("layer", self.layers) if kind in LAYERED else None
        return Clause(
            id=one.text("id"),
            number=number,
            kind=kind,
            layer=layer,
            title=one.texts("title"),
            text_zh=one.text("text_zh"),
            plain=one.texts("plain"),
            citation=one.texts("citation"),
            valid=one.interval(),
            when=self.conditions.condition(one.fields("when")) if "when" in one else ALWAYS,
            parameters=one.words("parameters", tuple(self.parameters)),
            assumed=one.words("assumed", tuple(one.data)),
            terms=self._terms(kind, layer),
        )

    def _terms(self, kind: str, layer: str | None) -> Terms:
        one = self.one
        if kind == "lookup":
            return self._lookup()
        if kind == "ratio":
            return Ratio(one.rate_bp("rate_bp"))
        if kind == "supplement":
            return self._supplement()
        if kind == "band":
            return self._band(layer)
        if kind == "bound":
            return Bound(one.rate_bp("rate_max_bp"))
        if kind == "choice":
            return Choice(one.word("take", ("best_for_patient",)))
        if kind == "order":
            return self._order()
        return Open()

    def _lookup(self) -> Lookup:
        levels = self.conditions.levels
        rates, deductibles = self.one.keyed("rate_bp", levels), self.one.keyed("deductible_fen", levels)
        return Lookup(
            {level: rates.rate_bp(level) for level in levels},
            {level: deductibles.money_fen(level) for level in levels},
            self.one.words("deductible_parameters", tuple(self.parameters)),
        )

    def _supplement(self) -> Supplement:
        on, raised = self.one.text("raises"), self.one.fields("supplement")
        name = "adds_bp" if "adds_bp" in raised else "raises_by_bp"
        amount = raised.rate_bp(name)
        raised.done()
        return Supplement(on, amount if name == "adds_bp" else 0, amount if name == "raises_by_bp" else 0)

    def _band(self, layer: str | None) -> Band:
        one = self.one
        own = tuple(each.id for each in self.accumulators if each.layer == layer)
        stacked = one.raw("stacks_on") is not None
        if stacked:
            one.word("stacks_on", own)
        whole = one.word("pays", ("excess", "whole")) == "whole"
        return Band(one.money_fen("threshold_fen"), one.rate_bp("rate_bp"), whole, stacked)

    def _order(self) -> Order:
        order = self.one.words("order", self.layers)
        if len(order) < len(self.layers):
            self.one.refuse("order", "没有写全各层。", "does not name every layer.")
        return Order(order)


def _refuse_idle_parameters(contents: Contents, readings: Readings, where: Where) -> None:
    """Refuse a parameter that no clause names, or whose choice of readings changes nothing."""
    named = {key for clause in contents.clauses for key in clause.parameters}
    named.update(key for gate in contents.gates for key in gate.parameters)
    for key, parameter in contents.parameters.items():
        place = where._replace(clause="parameters", field=key)
        if key not in named and key not in readings.used:
            raise RulebookRefused(place, "没有一条条款用到。", "is named by no clause.")
        if len(parameter.supported()) > 1 and key not in readings.used:
            raise RulebookRefused(
                place,
                "有几个可用读法，却没有字段随它变。",
                "has several supported readings but no field depends on it.",
            )
