"""What may be said about a step, and what the reader of the catalogue refuses."""

from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serentak.contingency import queries
from serentak.contingency.rules import OWN_DUTY, Plans, spoken
from serentak.institutions.public import Verb
from serentak.kernel.entries import read

PLANS = files("serentak.contingency") / "catalogue" / "plans.yaml"
VERBS = [verb.value for verb in Verb]


def raw() -> Any:
    return yaml.safe_load(PLANS.read_text("utf-8"))


def test_eleven_plans_are_read_and_fit_a_phone() -> None:
    found = queries.catalogue().plans
    assert len(found) == 11
    lines = [s.text for p in found.values() for s in (*p.steps, *p.first_ten)]
    assert [line for line in lines if max(map(len, line.values())) > 110] == []


@pytest.mark.parametrize(
    ("verb", "allowed", "said"),
    [
        ("REQUEST", {"REQUEST", "COORDINATION"}, "REQUEST"),
        ("INSTRUCTION", {"INSTRUCTION", "REQUEST"}, "INSTRUCTION"),
        ("INSTRUCTION", {"REQUEST", "COORDINATION"}, "REQUEST"),
        ("DIRECTIVE", {"INSTRUCTION"}, OWN_DUTY),
        ("COORDINATION", {"REQUEST"}, OWN_DUTY),
        ("REQUEST", {"COORDINATION"}, "COORDINATION"),
        ("REQUEST", set(), OWN_DUTY),
        (OWN_DUTY, {"INSTRUCTION"}, OWN_DUTY),
    ],
)
def test_nobody_says_more_than_the_plan_or_the_table(
    verb: str, allowed: set[str], said: str
) -> None:
    assert spoken(verb, allowed) == said


@given(st.sampled_from([*VERBS, OWN_DUTY]), st.sets(st.sampled_from(VERBS)))
def test_what_is_said_is_allowed_or_nothing(verb: str, allowed: set[str]) -> None:
    said = spoken(verb, allowed)
    assert said == OWN_DUTY or said in allowed
    assert said in (verb, "REQUEST", "COORDINATION", OWN_DUTY)


def spoilt(change: Any) -> str:
    plans = deepcopy(raw())
    change(plans["plans"][0])
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # its words are looked at
        queries._parse(plans)
    return str(caught.value)


def test_the_reader_refuses_what_a_plan_may_not_say() -> None:
    def order_police(plan: Any) -> None:
        plan["steps"][0]["verb"] = "INSTRUCTION"

    def nobody(plan: Any) -> None:
        plan["steps"][1]["who"] = "ROCKETEERS"

    def police_decide(plan: Any) -> None:
        plan["steps"][0]["decides"] = True

    def falls(plan: Any) -> None:
        plan["steps"][-1]["by"] = 1

    def too_long(plan: Any) -> None:
        plan["first_ten"][-1]["min"] = 11

    def unnumbered(plan: Any) -> None:
        plan["steps"][0]["n"] = 7

    assert "a governor says no INSTRUCTION to POLICE" in spoilt(order_police)
    assert "ROCKETEERS is no kind of institution" in spoilt(nobody)
    assert "the commission alone decides on the vote" in spoilt(police_decide)
    assert "minutes must not fall" in spoilt(falls)
    assert "nor pass 10" in spoilt(too_long)
    assert "numbered from 1" in spoilt(unnumbered)


def test_no_plan_orders_who_decides_for_itself() -> None:
    plans = read(Plans, raw()).plans.values()
    kinds = {"POLICE", "KPU", "BAWASLU", "ARMY", "PPK", "PPS", "KPPS", "PTPS", "PLN", "TELECOMS"}
    said = {step.verb for plan in plans for step in plan.steps if step.who in kinds}
    assert said <= {"REQUEST", OWN_DUTY}
