"""Each check over several slices: a case that differs, and one that does not."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from serentak.coordination import public as coordination
from serentak.distribution import public as distribution
from serentak.elections import actions as elections
from serentak.elections import public as contests
from serentak.elections.public import Pair
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.differing import Differs
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import public as logistics
from serentak.posting import public as posting
from serentak.readiness.models import Activity
from serentak.readiness.tests.builders import answer, report
from serentak.reporting.models import DailyReport, Snapshot
from serentak.reporting.queries.checks import CHECKS
from serentak.reporting.queries.counts import COUNTS
from serentak.reporting.tests.builders import DAY, EVENING, submitted
from serentak.security import actions as security
from serentak.security.models import Incident
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OGAN_ILIR, OKI, PALEMBANG, PROVINCE, Cast
from tests.room import room

HERE = SimpleNamespace(link="/here")


@pytest.fixture(autouse=True)
def people(db: None) -> Cast:
    return room()


def found(check: str, at: Any = AT) -> list[Differs]:
    return list(CHECKS[check](parent=PROVINCE, at=at))


def told(patch: pytest.MonkeyPatch, slice_: Any, name: str, value: Any) -> None:
    patch.setattr(slice_, name, lambda *args, **kwargs: value)


def figure(value: int) -> Any:
    return SimpleNamespace(value=value, figure_class=FigureClass.SOURCED)


def incident(kind: str = "SIEGE", **more: Any) -> Incident:
    key = security.report_incident(
        client_key=uuid4(), kind=kind, place=AIR_SUGIHAN,
        happened_at=AT - timedelta(minutes=5), answers={}, actor=SYSTEM, at=AT,
    ).key  # fmt: skip
    Incident.objects.filter(key=key).update(**{"severity": "S2", **more})
    return Incident.objects.get(key=key)


def test_voters_in_use_and_the_sum_over_stations(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("voters-sum") == []
    told(monkeypatch, figures, "figures_in_use",
         {OKI: {"voters": figure(740)}, BANYUASIN: {"voters": figure(250)}})  # fmt: skip
    (one,) = found("voters-sum")
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 740, 750, 10)


def test_villages_by_code_and_by_the_commission(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, figures, "figures_in_use",
         {OKI: {"villages": figure(5)}, BANYUASIN: {"villages": figure(1)}})  # fmt: skip
    (one,) = found("villages")
    # Four villages with three stations: one village is three quarters of a station.
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 4, 5, 0.75)


def test_who_holds_an_office_and_stands_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = next(c for c in contests.contests(OKI) if c.place == OKI)
    elections.set_candidate_pairs(
        contest_id=contest.id,
        pairs=[Pair(1, "Andi Wijaya", "Budi", False), Pair(2, "Citra", "Dewi", False)],
        figure_class=FigureClass.SYNTHETIC, actor=SYSTEM, at=AT,
    )  # fmt: skip
    holder = SimpleNamespace(
        name="ANDI WIJAYA", is_candidate=False, institution_id=7, title="Bupati"
    )
    told(monkeypatch, institutions, "holder_of", {OKI: holder})
    (one,) = found("holders")
    assert (one.place, one.subject) == (OKI, "office:7")
    holder.is_candidate = True
    assert found("holders") == []
    holder.is_candidate, holder.name = False, "Eko"
    assert found("holders") == []


def test_guards_named_and_guards_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    report(answer("linmas-form", 4))
    assert found("guards") == [], "nobody planned"
    told(monkeypatch, posting, "standing", {OKI: SimpleNamespace(planned=2)})
    assert found("guards") == []
    told(monkeypatch, posting, "standing", {OKI: SimpleNamespace(planned=3)})
    (one,) = found("guards")
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 4, 6, 1)


def test_a_store_said_ready_and_hit() -> None:
    row = Activity.objects.get(key="store-ready", place=OKI)
    report(answer("store-ready", row.target_quantity))
    assert found("store-hit") == []
    hit = incident(subjects=[f"activity:{row.pk}"])
    (one,) = found("store-hit")
    assert (one.place, one.subject, one.amount) == (OKI, f"activity:{row.pk}", 3)
    Incident.objects.filter(pk=hit.pk).update(severity="S1")
    assert found("store-hit") == []


def test_sites_said_chosen_and_a_flood() -> None:
    row = Activity.objects.get(key="site-pick", place=OKI)
    report(answer("site-pick", row.target_quantity))
    assert found("site-flood") == []
    flood = incident("FLOOD")
    (one,) = found("site-flood")
    assert (one.place, one.b.value, one.amount) == (OKI, 1, 2)
    Incident.objects.filter(pk=flood.pk).update(severity="S1")
    assert found("site-flood") == []


def test_an_action_done_on_work_of_which_nothing_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report(answer("kpps-train", 2))
    later = AT + timedelta(days=1)
    done = SimpleNamespace(id=3, place=OKI, key="kpps-train", asked_at=later, done_at=later, done_by=None,
                link="/here")  # fmt: skip
    told(monkeypatch, coordination, "done_about", [done])
    (one,) = found("done-unmoved")
    assert (one.place, one.subject, one.b.value, one.amount) == (OKI, "action:3", 2, 3)
    report(answer("kpps-train", 3), at=later)
    assert found("done-unmoved", later) == []


@pytest.mark.parametrize(
    ("hours", "differs"), [(1.9, True), (2, False), (4, False), (6, False), (6.1, True)]
)
def test_ways_much_longer_or_shorter(
    monkeypatch: pytest.MonkeyPatch, hours: float, differs: bool
) -> None:
    told(monkeypatch, distribution, "planned_hours",
         {AIR_SUGIHAN: SimpleNamespace(hours=4.0, link="/way")})  # fmt: skip
    told(monkeypatch, logistics, "hours_taken",
         {AIR_SUGIHAN: SimpleNamespace(hours=hours, link="/load")})  # fmt: skip
    assert [one.amount for one in found("travel")] == ([2] if differs else [])


def test_nothing_is_open_beside_a_grave_incident() -> None:
    row = submitted(OKI, at=EVENING)
    like = row.sentences.get(key="figure:readiness.late")
    like.pk, like.key, like.position = None, "figure:security.open", 999
    like.params, like.text = {**like.params, "value": 0}, ""
    like.save()
    assert found("nothing-incident", EVENING) == []
    hit = incident(severity="S3")
    (one,) = found("nothing-incident", EVENING)
    assert (one.place, one.a.value, one.b.value) == (OKI, 0, 1)
    Incident.objects.filter(pk=hit.pk).update(severity="S1")
    assert found("nothing-incident", EVENING) == []


def test_all_well_and_worse_in_three_areas() -> None:
    def stands(place: PlaceCode, focus: Focus, status: Status) -> None:
        Snapshot.objects.update_or_create(
            place_id=place, day=DAY, focus=focus.value,
            defaults={"status": status.value, "figures": [], "silent": 0, "of_children": 0,
                      "taken_at": AT},
        )  # fmt: skip

    others = [focus for focus in Focus if focus is not Focus.READINESS][:3]
    stands(PROVINCE, Focus.READINESS, Status.ON_TRACK)
    stands(OKI, Focus.READINESS, Status.ON_TRACK)
    for focus in others[:2]:
        stands(OKI, focus, Status.LATE)
    assert found("well-worse") == []
    stands(OKI, others[2], Status.AT_RISK)
    (one,) = found("well-worse")
    assert (one.place, one.b.value, one.amount) == (OKI, 3, 3)
    stands(OKI, Focus.READINESS, Status.AT_RISK)
    assert found("well-worse") == []


def test_silent_for_two_evenings_on_which_most_reported() -> None:
    evenings = [EVENING - timedelta(days=n) for n in (2, 1)]
    for at in evenings:
        for place in (BANYUASIN, OGAN_ILIR):
            submitted(place, at=at)
    assert found("silent-among") == [], "half of the neighbours is not most"
    for at in evenings:
        submitted(PALEMBANG, at=at)
    (one,) = found("silent-among")
    assert (one.place, one.a.value, one.a.of, one.amount) == (OKI, 3, 4, 3)
    submitted(OKI, at=evenings[1])
    assert found("silent-among") == []


def test_reports_first_submitted_in_time_of_all_due() -> None:
    ask = COUNTS["reports-in-time"]
    row = submitted(OKI, at=AT)
    assert ask(parent=PROVINCE, at=AT) == {}, "its hour has not come"
    late = submitted(BANYUASIN, at=AT)
    DailyReport.objects.filter(pk=late.pk).update(
        first_submitted_at=late.due_at + timedelta(minutes=1)
    )
    counts = ask(parent=PROVINCE, at=row.due_at + timedelta(seconds=1))
    assert {place: (c.whole.good, c.whole.of) for place, c in counts.items()} == {
        OKI: (1, 1),
        BANYUASIN: (0, 1),
    }
