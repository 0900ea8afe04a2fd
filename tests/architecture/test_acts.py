"""Whatever an alert tells of, a letter can ask for: each has its act, for every verb."""

from collections.abc import Mapping

import pytest

from serentak.coordination.queries.settings import letter_patterns
from serentak.coordination.rules.letters import about, by_day, clause, drafted
from serentak.institutions.rules import Verb
from serentak.kernel.acts import Act, Acts, deed
from serentak.kernel.entries import LANGUAGES
from serentak.platform.catalogue import load_each
from serentak.readiness.queries.board import catalogue

from . import test_words
from .code import sources

OF_THEMSELVES = "coordination."
"""Alerts of actions lead to the action, whose letters remind of what was asked there."""

VALUES = {
    **dict.fromkeys(
        (
            "place",
            "unit",
            "measure",
            "amount",
            "activity",
            "number",
            "destination",
            "pieces",
            "first",
            "stations",
        ),
        "X",
    ),
    "count": "3",
    "done": "1",
    "target": "2",
    "date": "1 Mei 2024",
}


def missing(codes: set[str], acts: Mapping[str, Acts], activities: set[str]) -> list[str]:
    """Return the alerts and activities for which nobody says what is asked."""
    by_code = {code for of_slice in acts.values() for code in of_slice.alerts}
    by_activity = set(acts["readiness"].acts) if "readiness" in acts else set()
    asked = {code for code in codes if not code.startswith(OF_THEMSELVES)}
    of_activities = {code for code in asked if code.startswith("readiness.")}
    without = (asked - of_activities - by_code) | (activities - by_activity)
    return sorted(without)


def alert_codes(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr(test_words, "SHOWN", {"Alert": (("ALERTS", 0, "code"),)})
    modules = [test_words.Module(tree, path.as_posix()) for path, tree in sources().items()]
    return {code for module in modules for _kind, code in module.codes}


def test_every_alert_that_may_be_asked_about_has_its_act(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = alert_codes(monkeypatch)
    assert "figures.difference_is_open" in codes
    assert missing(codes, load_each("acts", Acts), set(catalogue().activities)) == []


def test_an_alert_and_an_activity_without_act_are_caught() -> None:
    acts = load_each("acts", Acts)
    assert missing({"posts.EMPTY", "coordination.OVERDUE"}, acts, {"new-work"}) == [
        "new-work",
        "posts.EMPTY",
    ]


ALL: dict[str, Act] = {
    key: act
    for of_slice in load_each("acts", Acts).values()
    for key, act in (*of_slice.acts.items(), *of_slice.alerts.items())
}


@pytest.mark.parametrize("key", sorted(ALL))
def test_an_act_reads_in_every_letter_with_its_place_and_one_day(key: str) -> None:
    act = ALL[key]
    for language in LANGUAGES:
        said = act.said(language, VALUES)
        assert not {"{", "}", "…"} & set(said), said
        assert ("X" in said) or "{place}" not in act.act[language]
        without = act.said(language, {"place": "X", "date": "1 Mei 2024", "number": "X"})
        assert "{" not in without
    asked = clause(act.said("id", VALUES))
    assert asked.startswith("me"), "an act begins with a verb in me-"
    for verb in Verb:
        words = drafted(
            letter_patterns().by_verb[verb.value],
            {
                "act": by_day(asked, "1 Mei 2024"),
                "about": about(deed(asked)),
                "deed": deed(asked),
                "task": deed(asked),
                "help": act.help,
                "days": "3",
                "due": "1 Mei 2024",
                "level": "pertama",
                "ground": "UU",
            },
            (),
        )
        text = " ".join((words.subject, words.opening, *words.points, words.closing))
        assert deed(asked).casefold() in text.casefold()
        for point in words.points:
            assert point.count("1 Mei 2024") <= 1, "one day is enough"
            if act.help and verb in (Verb.REQUEST, Verb.COORDINATION, Verb.GUIDANCE):
                assert act.help in " ".join(words.points)
        assert not (act.help and verb is Verb.REPRIMAND and act.help in text)
