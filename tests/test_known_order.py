"""What stands first by the real rules, against the known answers of `answers/order.yaml`."""

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from serentak.desk import rules
from serentak.kernel.briefing import Alert, DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.readiness.queries.board import catalogue, thresholds
from tests.answers.readiness import VOTE

PAIRS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "answers" / "order.yaml").read_text("utf-8")
)


def press(card: Mapping[str, Any]) -> Press:
    """Return how a card presses: work as the catalogue and the thresholds of readiness say."""
    harm, is_final = Harm(card.get("harm", Harm.PAPER)), card.get("final", False)
    if work := card.get("work"):
        definition = catalogue().activities[work]
        harm = thresholds().harms[definition.miss]
        is_legal = definition.deadline_kind is DeadlineKind.LEGAL
        is_final = is_legal and definition.deadline is not None
    return Press(harm, card.get("left", 0), is_final, reach=card.get("reach", 0))


def alert(name: str, card: Mapping[str, Any]) -> Alert:
    return Alert("a.A", PlaceCode("16"), Status.LATE, None, f"/{name}", press(card))


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])
def test_what_a_governor_would_see_to_first_stands_first(pair: dict[str, Any]) -> None:
    # Named so that the alphabet, which decides between equals, would put it last.
    cards = [alert("z", pair["first"]), alert("a", pair["then"])]
    names = {"/z": pair["first"], "/a": pair["then"]}
    answered = [link for link, card in names.items() if card.get("answered")]
    for shuffled in permutations(cards):
        found = rules.in_order(shuffled, made={}, answered=answered, today=VOTE)
        first = found[0].link
        assert pair.get("either") or first == "/z", pair["why"]


def test_no_known_pair_is_lost() -> None:
    known = {pair["id"]: bool(pair.get("either")) for pair in PAIRS}
    firm = "01 02 04 05 06 07 11 12 13 15 16 18 21 22 23 25 27 31 33 34 36 39"
    assert {f"P{number}" for number in firm.split()} <= {
        k for k, open_ in known.items() if not open_
    }
    assert {k for k, open_ in known.items() if open_} == {"P09", "P19", "P29", "P30", "P37", "P40"}
