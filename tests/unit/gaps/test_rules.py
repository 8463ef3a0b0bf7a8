"""The file of the dues is whole, and a broken one is refused by name."""

from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
import yaml

from yingjin.gaps.domain.rules import BadDueRules, build
from yingjin.gaps.files import due_rules

SHIPPED = yaml.safe_load((files("yingjin.gaps") / "data" / "dues.yaml").read_text(encoding="utf-8"))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The shipped file with one value changed, or taken out when the value is None."""
    data = deepcopy(SHIPPED)
    *way, last = path.split(".")
    place = data
    for name in way:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def test_the_shipped_file_is_whole_and_says_that_it_is_assumed():
    rules = due_rules()
    assert SHIPPED["assumed"] is True
    assert rules.base == {"C02", "C03", "C04", "C15", "C16", "C17"}
    assert rules.treated_within_days == 365
    assert all(
        reason.owner in rules.owners for rule in rules.dues.values() for reason in rule.reasons.values()
    )


def test_every_payer_of_the_three_nets_has_an_owner():
    assert set(due_rules().short_of) == {"basic", "critical_illness", "assistance"}


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("assumed", False, "assumed"),
        ("base.categories", [], "base may not be empty"),
        ("treated_within_days", 0, "above 0"),
        ("treated_within_days", True, "above 0"),
        ("granted.days_most", 0, "whole number of days above 0"),
        ("granted.reasons.serving.dues", [], "serving names wrong dues"),
        ("granted.reasons.serving.dues", ["housed"], "serving names wrong dues"),
        (
            "granted.reasons.left",
            {"zh": "x", "en": "x", "dues": ["insured"], "evidence": True},
            "stands there twice",
        ),
        ("treated_within_days", "365", "above 0"),
        ("owners", None, "owners"),
        ("dues.covered", None, "insured, treated, contracted, covered"),
        ("dues.insured.reasons.not_enrolled", None, "not_enrolled"),
        ("dues.treated.reasons.confirm_identity", None, "confirm_identity"),
        ("dues.insured.reasons.not_enrolled.owner", "nobody", "nobody"),
        ("dues.insured.reasons.not_enrolled.days", -1, "not_enrolled"),
        ("dues.insured.reasons.not_enrolled.days", None, "days"),
        ("dues.insured.due_zh", "{name} 应参保", "name"),
        ("dues.insured.reasons.not_enrolled.closes_with_zh", "{who}", "who"),
        ("payers.basic.reason", "lost", "lost"),
        ("several_payers", "many", "many"),
        ("exceptions.left.excepts", "fed", "fed"),
        ("exceptions.left", "contracted", "mapping"),
        ("dues", [], "items"),
    ],
)
def test_a_broken_file_is_refused_by_what_is_wrong(path, value, told):
    with pytest.raises(BadDueRules) as refused:
        build(changed(path, value))
    assert told in refused.value.reason_en
    assert "dues.yaml" in refused.value.reason_zh
