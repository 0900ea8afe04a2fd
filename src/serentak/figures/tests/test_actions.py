"""Recording, using, withdrawing, assigning, deciding: done, refused, repeated, at once."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from serentak.figures import actions, queries
from serentak.figures.models import Discrepancy, Figure
from serentak.figures.rules import DifferenceKind, DiscrepancyState
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places import actions as place_actions
from serentak.platform.models import AuditEvent
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast, assemble

from .builders import SOURCE_DATE, given, recorded, two_sources

SOURCES, COUNTED = DifferenceKind.SOURCES, DifferenceKind.COUNTED
DUE = date(2024, 11, 4)


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"figures.{name}").order_by("id"))


def refusal(call: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code.removeprefix("figures."), refused.value.field


# --- recording


def test_the_first_figure_is_in_use_and_a_later_one_stands_beside_it(cast: Cast) -> None:
    one, other = two_sources()
    assert (one.in_use, other.in_use) == (True, False)
    first, second = events("FigureRecorded")
    assert first.facts == {"measure": "area_km2", "value": "86771", "in_use": True}
    assert second.facts["in_use"] is False
    assert first.subjects == ["figures:16", f"figure:{one.id}"]


def test_an_officer_records_inside_the_own_places_only(cast: Cast) -> None:
    officer = cast.regent_desk.viewer
    figure = given(314, place=OKI, measure="villages")
    actions.record_figure(given=figure, actor=officer, at=AT)
    assert Figure.objects.get(place=OKI).recorded_by_id == cast.regent_desk.user_id
    with pytest.raises(OutOfScope):
        actions.record_figure(given=given(1, place=BANYUASIN), actor=officer, at=AT)
    with pytest.raises(OutOfScope):
        actions.record_figure(given=figure, actor=cast.observer.viewer, at=AT)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"measure": "ghosts"}, "measure_is_unknown", "measure"),
        ({"value": Decimal(-1)}, "value_is_negative", "value"),
        ({"value": Decimal(10**9)}, "value_is_absurd", "value"),
        ({"value": Decimal("1.5")}, "value_has_too_many_decimals", "value"),
        ({"source": " "}, "source_is_missing", "source"),
        ({"source_date": date(2024, 10, 29)}, "source_date_lies_ahead", "source_date"),
        ({"place": PlaceCode("16.55")}, "place_is_missing", "place"),
    ],
)
def test_what_cannot_be_recorded_is_named_and_nothing_is_written(
    cast: Cast, changes: dict, code: str, field: str
) -> None:
    wrong = given(**{"value": 5, **changes})
    for call in (
        lambda: actions.record_figure(given=wrong, actor=SYSTEM, at=AT),
        lambda: actions.record_figures(given=[given(5), wrong], actor=SYSTEM, at=AT),
    ):
        assert refusal(call) == (code, field)
    assert Figure.objects.count() == 0
    assert events("FigureRecorded") == events("FiguresRecorded") == []


def test_a_sources_figure_of_a_day_is_recorded_once(cast: Cast) -> None:
    recorded(5)
    with pytest.raises(Refused) as refused:
        actions.record_figure(given=given(6), actor=SYSTEM, at=AT)
    assert refused.value.code == "constraint.a_source_gives_one_figure_on_a_day"


def test_many_figures_leave_one_event(cast: Cast) -> None:
    several = [given(5), given(6, source="Province"), given(7, place=OKI)]
    assert actions.record_figures(given=several, actor=SYSTEM, at=AT) == 3
    assert [f.in_use for f in Figure.objects.order_by("id")] == [True, False, True]
    (event,) = events("FiguresRecorded")
    assert (event.place, event.facts["count"]) == ("16", 3)
    assert refusal(lambda: actions.record_figures(given=[], actor=SYSTEM, at=AT)) == (
        "list_is_empty", "given",
    )  # fmt: skip


def test_the_baseline_is_recorded_once_and_stays_as_people_left_it(cast: Cast) -> None:
    assert actions.load_baseline(until=date.max, actor=SYSTEM, at=AT) == 15 + 4 * 3
    in_use = queries.figures_in_use([PROVINCE])[PROVINCE]
    assert in_use["stations"].value == 13206
    assert in_use["villages"].value == 3258
    commission = Figure.objects.get(measure="villages", value=3249)
    actions.use_figure(figure_id=commission.id, reason="x", actor=SYSTEM, at=AT)
    assert actions.load_baseline(until=date.max, actor=SYSTEM, at=AT) == 0
    assert queries.figures_in_use([PROVINCE])[PROVINCE]["villages"].value == 3249
    assert len(events("FiguresRecorded")) == 1


def test_what_was_published_later_is_not_known_yet(cast: Cast) -> None:
    """Stations of a regency were announced on the day of the count."""
    until = date(2024, 10, 28)
    actions.load_baseline(until=until, actor=SYSTEM, at=AT)
    assert "stations" not in queries.figures_in_use([OKI])[OKI]
    assert queries.figures_in_use([PROVINCE])[PROVINCE]["stations"].value == 13206
    assert actions.load_baseline(until=date.max, actor=SYSTEM, at=AT) == 4
    assert queries.figures_in_use([OKI])[OKI]["stations"].value == 1249


# --- using and withdrawing


def test_a_figure_is_taken_into_use_for_a_reason(cast: Cast) -> None:
    one, other = two_sources()
    head = cast.governor_desk.viewer
    actions.use_figure(figure_id=other.id, reason=" Newer survey ", actor=head, at=AT)
    assert list(Figure.objects.filter(in_use=True)) == [other]
    (event,) = events("FigureUsed")
    assert event.facts == {"measure": "area_km2", "value": "91592.000", "before": "86771.000"}
    (line, *_) = queries.history(PROVINCE)
    assert (line.note, line.actor) == ("Newer survey", "Ratna Puspita")
    assert refusal(
        lambda: actions.use_figure(figure_id=other.id, reason="x", actor=head, at=AT)
    ) == ("figure_is_in_use_already", "figure")
    assert refusal(lambda: actions.use_figure(figure_id=one.id, reason="", actor=head, at=AT)) == (
        "reason_is_missing", "reason",
    )  # fmt: skip


def test_who_may_not_decide_may_not_use(cast: Cast) -> None:
    _, other = two_sources(place=OKI)
    with pytest.raises(OutOfScope):
        actions.use_figure(figure_id=other.id, reason="x", actor=cast.regent_desk.viewer, at=AT)


def test_a_figure_recorded_wrongly_is_withdrawn_and_its_place_is_free(cast: Cast) -> None:
    one, other = two_sources()
    actions.withdraw_figure(figure_id=other.id, reason="Typing error", actor=SYSTEM, at=AT)
    assert queries.discrepancies(PROVINCE, SYSTEM) == ()
    recorded(86771, measure="area_km2", source="Mapping agency")
    (event,) = events("FigureWithdrawn")
    assert event.subjects == ["figures:16", f"figure:{other.id}"]
    assert event.facts == {"measure": "area_km2", "value": "91592.000"}
    (line, *_) = [line for line in queries.history(PROVINCE) if line.note]
    assert line.note == "Typing error"
    for figure_id, code in ((one.id, "figure_is_in_use"), (other.id, "figure_is_missing")):
        assert refusal(
            lambda figure_id=figure_id: actions.withdraw_figure(
                figure_id=figure_id, reason="x", actor=SYSTEM, at=AT
            )
        ) == (code, "figure")
    assert refusal(
        lambda: actions.use_figure(figure_id=10**9, reason="x", actor=SYSTEM, at=AT)
    ) == ("figure_is_missing", "figure")


def test_a_figure_is_withdrawn_for_a_reason_by_who_may_record_it(cast: Cast) -> None:
    _, other = two_sources(place=OKI)
    for stranger in (cast.neighbour, cast.observer):
        with pytest.raises(OutOfScope):
            actions.withdraw_figure(figure_id=other.id, reason="x", actor=stranger.viewer, at=AT)
    officer = {"figure_id": other.id, "actor": cast.regent_desk.viewer, "at": AT}
    assert refusal(lambda: actions.withdraw_figure(reason=" ", **officer)) == (
        "reason_is_missing", "reason",
    )  # fmt: skip
    assert Figure.objects.get(pk=other.pk).withdrawn_at is None
    actions.withdraw_figure(reason="x", **officer)
    assert Figure.objects.get(pk=other.pk).withdrawn_at == AT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seen", "done"), [(False, 2), (True, 1)])
def test_two_who_use_figures_at_once_leave_one_in_use(seen: bool, done: int) -> None:
    assemble()
    one, other = two_sources()
    third = recorded(90000, measure="area_km2", source="Third")
    start = threading.Barrier(2)

    def use(figure_id: int) -> None:
        start.wait()
        try:
            version = one.id if seen else None
            actions.use_figure(
                figure_id=figure_id, reason="x", version=version, actor=SYSTEM, at=AT
            )
        except Conflict:
            assert seen
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(f.id,)) for f in (other, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Figure.objects.filter(in_use=True).count() == 1
    assert len(events("FigureUsed")) == done


# --- assigning


def assign(cast: Cast, **changes: object) -> None:
    arguments: dict = {
        "place": PROVINCE, "measure": "area_km2", "kind": SOURCES, "due_date": DUE,
        "owner_id": cast.governor_desk.institution_id, "version": None,
        "actor": cast.governor_desk.viewer, "at": AT,
    }  # fmt: skip
    actions.assign_discrepancy(**{**arguments, **changes})


def card() -> queries.DiscrepancyCard:
    return queries.discrepancy(PROVINCE, "area_km2", SOURCES)


def test_a_discrepancy_gets_an_owner_and_a_due_date(cast: Cast) -> None:
    two_sources()
    assert card().state is DiscrepancyState.OPEN
    assign(cast)
    assert (card().state, card().due_date) == (DiscrepancyState.ASSIGNED, DUE)
    owner = card().owner
    assert owner
    assert owner.id == cast.governor_desk.institution_id
    assign(cast, due_date=date(2024, 11, 8))
    assert card().due_date == date(2024, 11, 8)
    assign(cast, due_date=AT.date())
    assert card().due_date == AT.date()
    assert len(events("DiscrepancyAssigned")) == 3
    assert Discrepancy.objects.count() == 1


def test_what_cannot_be_assigned_is_refused(cast: Cast) -> None:
    two_sources()
    wrong: list[tuple[dict, tuple[str, str | None]]] = [
        ({"owner_id": 10**9}, ("owner_is_unknown", "owner")),
        ({"owner_id": cast.regent_desk.institution_id}, ("owner_is_unknown", "owner")),
        ({"due_date": date(2024, 10, 27)}, ("due_date_has_passed", "due_date")),
        ({"kind": COUNTED}, ("difference_is_gone", None)),
        ({"measure": "ghosts"}, ("difference_is_gone", None)),
    ]
    for changes, expected in wrong:
        assert refusal(lambda changes=changes: assign(cast, **changes)) == expected
    with pytest.raises(OutOfScope):
        assign(cast, actor=cast.regent_desk.viewer)
    assert Discrepancy.objects.count() == 0
    assert events("DiscrepancyAssigned") == []


# --- deciding


def decide(cast: Cast, figure: Figure, **changes: object) -> None:
    arguments: dict = {
        "place": PROVINCE, "measure": "area_km2", "kind": SOURCES, "figure_id": figure.id,
        "reason": "Official survey", "version": None, "actor": cast.governor_desk.viewer,
        "at": AT,
    }  # fmt: skip
    actions.decide_discrepancy(**{**arguments, **changes})


def test_a_decision_takes_the_figure_into_use_and_settles_the_work(cast: Cast) -> None:
    _, other = two_sources()
    assign(cast)
    decide(cast, other)
    assert list(Figure.objects.filter(in_use=True)) == [other]
    assert card().state is DiscrepancyState.DECIDED
    assert (card().reason, card().decided_figure) == ("Official survey", other.id)
    assert card().decided_by
    assert queries.discrepancies(PROVINCE, SYSTEM) == ()
    (event,) = events("DiscrepancyDecided")
    assert event.facts["numbers"] == "86771;91592"
    assert "reason" not in event.facts
    assert refusal(lambda: assign(cast)) == ("difference_is_decided", None)


def test_a_decision_may_confirm_the_figure_in_use_and_be_made_anew(cast: Cast) -> None:
    one, other = two_sources()
    decide(cast, one)
    assert card().state is DiscrepancyState.DECIDED
    decide(cast, other, reason="On second thoughts")
    assert (card().decided_figure, card().reason) == (other.id, "On second thoughts")
    assert len(events("DiscrepancyDecided")) == 2


def test_new_numbers_open_it_again_by_themselves(cast: Cast) -> None:
    _, other = two_sources()
    assign(cast)
    decide(cast, other)
    third = recorded(88000, measure="area_km2", source="Third")
    assert (card().state, card().owner, card().reason) == (DiscrepancyState.OPEN, None, "")
    decide(cast, third)
    actions.use_figure(figure_id=other.id, reason="x", actor=SYSTEM, at=AT)
    assert card().state is DiscrepancyState.OPEN


def test_a_count_that_changes_in_the_tree_opens_it_again(cast: Cast) -> None:
    villages = queries.figure_sets(PROVINCE)
    counted = next(s.counted for s in villages if s.measure.code == "villages")
    assert counted
    figure = recorded(counted + 1)
    place = {"place": PROVINCE, "measure": "villages", "kind": COUNTED}
    decide(cast, figure, **place)
    assert queries.discrepancy(**place).state is DiscrepancyState.DECIDED
    new = [
        place_actions.NewPlace(PlaceCode(f"16.02.05.{n}"), place_actions.Kind.VILLAGE, "New")
        for n in (2090, 2091)
    ]
    place_actions.add_places(places=new, actor=SYSTEM, at=AT)
    assert queries.discrepancy(**place).state is DiscrepancyState.OPEN


def test_a_decision_that_ends_the_difference_leaves_nothing_to_do(cast: Cast) -> None:
    counted = next(s.counted for s in queries.figure_sets(PROVINCE) if s.measure.code == "villages")
    assert counted
    recorded(counted + 9)
    right = recorded(counted, source="Ministry")
    decide(cast, right, measure="villages", kind=COUNTED)
    with pytest.raises(OutOfScope):
        queries.discrepancy(PROVINCE, "villages", COUNTED)


def test_a_decision_holds_for_the_numbers_that_it_leaves(cast: Cast) -> None:
    """Another figure is in use by it, which disagrees with the count as well."""
    counted = next(s.counted for s in queries.figure_sets(PROVINCE) if s.measure.code == "villages")
    assert counted
    recorded(counted + 9)
    nearer = recorded(counted + 5, source="Ministry")
    decide(cast, nearer, measure="villages", kind=COUNTED)
    assert queries.discrepancy(PROVINCE, "villages", COUNTED).state is DiscrepancyState.DECIDED


def test_who_did_not_see_the_last_deed_on_a_difference_does_none(cast: Cast) -> None:
    one, other = two_sources()
    assert card().version == 0
    assign(cast, version=0)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        assign(cast, version=0, due_date=date(2024, 11, 8))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        decide(cast, other, version=0)
    decide(cast, other, version=1)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        decide(cast, one, version=1)
    assert (card().version, card().decided_figure, card().due_date) == (2, other.id, DUE)
    assert len(events("DiscrepancyAssigned")) == len(events("DiscrepancyDecided")) == 1
    decide(cast, one, version=2)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_assign_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = assemble()
    two_sources()
    assign(cast, version=0)
    read, said, ask = threading.Event(), list[str](), queries.discrepancy

    def assign_again() -> None:
        read.wait(timeout=5)
        try:
            assign(cast, version=1, due_date=date(2024, 11, 8))
            said.append("done")
        except Conflict:
            said.append("conflict")
        finally:
            connection.close()

    second = threading.Thread(target=assign_again, daemon=True)

    def ask_later(*given: Any) -> queries.DiscrepancyCard:
        if threading.current_thread() is not second:
            read.set()
            second.join(timeout=0.3)  # it waits for the first to be stored
        return ask(*given)

    monkeypatch.setattr(queries, "discrepancy", ask_later)
    second.start()
    assign(cast, version=1)
    second.join(timeout=5)
    assert said == ["conflict"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("assigned", [False, True])
def test_of_two_who_decide_at_once_one_wins(assigned: bool) -> None:
    cast = assemble()
    pair = two_sources()
    if assigned:
        assign(cast)
    start, outcomes = threading.Barrier(2), list[str]()

    def run(figure: Figure) -> None:
        start.wait()
        try:
            decide(cast, figure, version=int(assigned), reason=f"{figure.id}")
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(figure,)) for figure in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "done"]
    (event,) = events("DiscrepancyDecided")
    work = Discrepancy.objects.get()
    assert work.decided_figure == Figure.objects.get(in_use=True)
    assert (work.reason, work.version) == (f"{work.decided_figure_id}", 1 + assigned)
    assert f"figure:{work.decided_figure_id}" in event.subjects


def test_what_cannot_be_decided_is_refused(cast: Cast) -> None:
    one, other = two_sources()
    elsewhere = recorded(5, place=OKI, measure="area_km2")
    assert refusal(lambda: decide(cast, other, reason=" ")) == ("reason_is_missing", "reason")
    assert refusal(lambda: decide(cast, elsewhere)) == ("figure_is_of_another", "figure")
    assert refusal(lambda: decide(cast, other, kind=COUNTED)) == ("difference_is_gone", None)
    with pytest.raises(OutOfScope):
        decide(cast, other, actor=cast.regent_desk.viewer)
    assert list(Figure.objects.filter(in_use=True, place=PROVINCE)) == [one]
    assert events("DiscrepancyDecided") == []


# --- what the database itself holds


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"value": -1}, "figure_is_not_negative"),
        ({"rounded_to": -1}, "rounding_is_not_negative"),
        ({"source": ""}, "figure_has_a_source"),
        ({"figure_class": "GUESSED"}, "figure_class_is_known"),
        ({"in_use": True, "withdrawn_at": AT}, "figure_in_use_is_not_withdrawn"),
        ({"in_use": True}, "one_figure_is_in_use"),
        ({"source": "KPU"}, "a_source_gives_one_figure_on_a_day"),
    ],
)
def test_the_database_holds_the_figures(cast: Cast, changes: dict, constraint: str) -> None:
    recorded(5)
    right = {
        "place_id": PROVINCE, "measure": "villages", "value": 6, "source": "Other",
        "source_date": SOURCE_DATE, "source_precision": "DAY", "figure_class": "SOURCED",
        "recorded_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Figure.objects.create(**{**right, **changes})


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"due_date": DUE}, "discrepancy_with_an_owner_has_a_due_date"),
        ({"reason": "x"}, "decision_has_a_figure_a_reason_and_a_time"),
        ({"decided_at": AT}, "decision_has_a_figure_a_reason_and_a_time"),
    ],
)
def test_the_database_holds_the_work(cast: Cast, changes: dict, constraint: str) -> None:
    right = {"place_id": PROVINCE, "measure": "villages", "kind": "SOURCES"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Discrepancy.objects.create(**{**right, **changes})
