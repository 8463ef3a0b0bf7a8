"""
What a line of explain.jsonl holds, as a JSON Schema.

docs/generated/explain.schema.json is this, written by `python -m yingjin.jobs.settle.schema`; a test holds them equal.
"""

import json
from typing import Any

JSON = dict[str, Any]

FEN: JSON = {"type": "integer", "minimum": 0, "description": "fen (0.01 yuan)"}
RATE: JSON = {"type": "integer", "minimum": 0, "maximum": 10_000, "description": "ten-thousandths"}
TEXT: JSON = {"type": "string", "minLength": 1}
FLAG: JSON = {"type": "boolean"}
NOTHING: JSON = {"type": "null"}
CLAUSE: JSON = {"type": "string", "pattern": "^R[0-9]{1,3}$"}
DAY: JSON = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
READINGS: JSON = {
    "type": "object",
    "propertyNames": {"pattern": "^P[0-9]{2}$"},
    "additionalProperties": TEXT,
    "description": "open parameters the step rests on, each with the reading in force",
}


def either(*schemas: JSON) -> JSON:
    """Return a schema that one of the schemas must fit."""
    return {"anyOf": list(schemas)}


def record(**fields: JSON) -> JSON:
    """Return a schema of an object with exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def step(kind: str, inputs: JSON, result: JSON = FEN, **more: JSON) -> JSON:
    """Return a schema of one kind of step; fields it does not name are null or empty."""
    common = {
        "kind": {"const": kind},
        "clause": NOTHING,
        "clause_from": NOTHING,
        "citation": NOTHING,
        "readings": READINGS,
        "inputs": inputs,
        "result_fen": result,
    }
    return record(**(common | more))


ACCUMULATORS: JSON = {
    "type": "array",
    "items": record(name=TEXT, before_fen=FEN, after_fen=FEN),
    "description": "sums over the calendar year of discharge; paid_* are shown and ask nothing",
}
CONSIDERED: JSON = {
    "type": "array",
    "items": record(
        clause=CLAUSE, clause_from=DAY, rate_bp=RATE, threshold_fen=either(FEN, NOTHING), result_fen=FEN
    ),
    "description": "every clause that applies, the lower number first; the first that pays most is taken",
}
ROUNDING: JSON = record(
    mode={"const": "half_up"},
    exact_fen_x10000={"type": "integer", "minimum": 0, "description": "part × rate before rounding"},
)
RATE_FROM: JSON = record(
    clause=CLAUSE,
    base_bp=RATE,
    adds_bp=RATE,
    raises_by_bp=RATE,
    most_bp=RATE,
    most_clause=either(CLAUSE, NOTHING),
)
CITED = {"clause": CLAUSE, "clause_from": DAY, "citation": TEXT}
LEFT = {"left_fen": FEN, "base_fen": FEN}
ABOVE = LEFT | {"stacked_before_fen": FEN, "threshold_fen": FEN, "part_fen": FEN}


def layer_step(kind: str, inputs: dict[str, JSON]) -> JSON:
    """Return a schema of a layer's step in which a clause pays."""
    schema = step(
        kind,
        record(**inputs),
        **CITED,
        layer=TEXT,
        rate_bp=RATE,
        considered=CONSIDERED,
        accumulators=ACCUMULATORS,
        rounding=ROUNDING,
        rate_from=RATE_FROM,
    )
    schema["required"].remove("rate_from")
    return schema


SITUATION: JSON = record(
    reference_day=DAY,
    age_years={"type": ["integer", "null"]},
    categories={"type": "array", "items": TEXT, "uniqueItems": True},
    setting={"enum": ["inpatient", "outpatient"]},
    level=TEXT,
    in_county=FLAG,
    designated=FLAG,
    public=FLAG,
    moves=FLAG,
)
OWN: JSON = record(
    total_fen=FEN,
    payments_fen={"type": "object", "additionalProperties": FEN},
    in_scope_own_fen=FEN,
    out_of_scope_fen=FEN,
)
WHY = {"gate": either(TEXT, NOTHING), "why_zh": either(TEXT, NOTHING), "why_en": either(TEXT, NOTHING)}
STEPS = (
    step("in_scope", record(total_fen=FEN, out_of_scope_fen=FEN)),
    step("counted", SITUATION, NOTHING, counted=FLAG, **WHY),
    step("deductible", record(left_fen=FEN, deductible_fen=FEN), layer=TEXT, **CITED),
    layer_step("rate", LEFT),
    layer_step("rate_above", ABOVE),
    layer_step("rate_of_whole", ABOVE),
    step(
        "no_clause",
        record(**LEFT),
        layer=TEXT,
        rate_bp=NOTHING,
        considered={"type": "array", "maxItems": 0},
        accumulators=ACCUMULATORS,
        rounding=NOTHING,
    ),
    step("own_payment", OWN),
)

SCHEMA: JSON = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "One line of explain.jsonl: the steps that give one bill's row",
    **record(
        bill_id=TEXT,
        person_id=TEXT,
        rulebook=TEXT,
        rulebook_version={"type": "string", "pattern": "^.+@[0-9]{4}-[0-9]{2}-[0-9]{2}\\+[0-9a-f]{12}$"},
        source=TEXT,
        switched_readings=READINGS,
        steps={"type": "array", "items": {"oneOf": list(STEPS)}, "minItems": 3},
    ),
}

if __name__ == "__main__":
    print(json.dumps(SCHEMA, ensure_ascii=False, indent=2))
