"""Keeps forecasts, what an installation knows of shocks, and what people try."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from serentak.coordination import actions as coordination
from serentak.coordination.actions import Ask
from serentak.coordination.public import GIVE_ACTION, proposal_of
from serentak.institutions.public import voices
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.catalogue import said
from serentak.platform.concurrency import (
    check_unchanged,
    digest_of,
    first_answer,
    one_at_a_time,
)
from serentak.platform.queue import enqueue
from serentak.readiness.events import (
    ForecastComputed,
    ScenarioAdopted,
    ScenarioComputed,
    ScenarioTried,
    ShockChanceSet,
    ShockNoted,
)
from serentak.readiness.models import (
    ForecastRun,
    PlaceOutlook,
    Scenario,
    ShockChance,
    ShockStruck,
)
from serentak.readiness.permissions import (
    NOTE_SHOCK,
    SET_SHOCKS,
    TRY_SCENARIO,
    VIEW_READINESS,
)
from serentak.readiness.queries.board import Board, board
from serentak.readiness.queries.forecasting import SEED, Computed, shocks, tried
from serentak.readiness.queries.moves import asks_of
from serentak.readiness.queries.shock_list import concerns
from serentak.readiness.rules.scenarios import Change, check_changes, read_changes
from serentak.readiness.rules.shocks import Shock

SCENARIO_JOB = "readiness.compute_scenario"
MOST_NAME, MOST_REASON = 120, 2000


@action
def store_forecast(*, found: Computed, actor: Viewer, at: datetime) -> int | None:
    """Keep a forecast and return its id; None where one that rests on the same is kept.

    The one before of the same day goes: one a day is kept for the trend.
    """
    if not actor.system:
        raise OutOfScope(VIEW_READINESS, found.province)
    one_at_a_time(f"forecast/{found.province}")
    of_day = ForecastRun.objects.filter(
        election=found.election_id, place=found.province, day=found.day
    )
    if of_day.filter(inputs=found.inputs).exists():
        return None
    of_day.delete()
    run = ForecastRun.objects.create(
        election_id=found.election_id,
        place_id=found.province,
        day=found.day,
        computed_at=at,
        seed=SEED,
        draws=found.draws,
        inputs=found.inputs,
        assumptions=dict(found.assumptions),
    )
    PlaceOutlook.objects.bulk_create(
        PlaceOutlook(
            run=run,
            place_id=one.place,
            ready=one.ready,
            p50=one.finish[0],
            p80=one.finish[1],
            p95=one.finish[2],
            results=dict(one.results),
        )
        for one in found.outlooks
    )
    event = ForecastComputed(
        subjects=(f"forecast:{run.pk}",),
        place=found.province,
        day=found.day,
        draws=found.draws,
        inputs=found.inputs,
    )
    record(event, actor=actor, at=at)
    return run.pk


# --- shocks


@action
def set_shock_chance(
    *,
    place: PlaceCode,
    shock: str,
    per_week: float,
    reason: str,
    version: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Give a shock another chance in one week, from 0 to 1, than the catalogue's in a province.

    `version` is that of the chance which the actor saw, 0 for the catalogue's.
    """
    actor.require(SET_SHOCKS, place)
    if level_of(place) is not Level.PROVINCE:
        raise OutOfScope(SET_SHOCKS, place)
    known = _shock(shock)
    if not 0 <= per_week <= 1:
        raise Refused("readiness.chance_out_of_range", field="per_week", chance=per_week)
    if not reason.strip():
        raise Refused("readiness.reason_is_missing", field="reason")
    check_length(reason, most=MOST_REASON, field="reason")
    one_at_a_time(f"shock/{place}/{shock}")
    row = ShockChance.objects.filter(place=place, shock=shock).first()
    check_unchanged(version, row.version if row else 0)
    before = row.per_week if row else known.per_week.likely if known.per_week else 0.0
    if before == per_week:
        raise Refused("readiness.chance_is_unchanged", field="per_week")
    ShockChance.objects.update_or_create(
        place_id=place,
        shock=shock,
        defaults={
            "per_week": per_week,
            "reason": reason.strip(),
            "set_by_id": actor.user_id,
            "set_at": at,
            "version": row.version + 1 if row else 1,
        },
    )
    event = ShockChanceSet(
        subjects=(f"shock:{shock}",),
        place=place,
        shock=shock,
        name=known.name["id"],
        before=f"{100 * before:g}",
        after=f"{100 * per_week:g}",
        reason=reason.strip(),
    )
    record(event, actor=actor, at=at)


@action
def note_shock(
    *, place: PlaceCode, shock: str, struck_on: date, actor: Viewer, at: datetime
) -> None:
    """Say that a shock has really struck a regency: it is drawn no more there."""
    actor.require(NOTE_SHOCK, place)
    known, found = _shock(shock), _board(place, at, NOTE_SHOCK)
    if not concerns(known, place):
        raise Refused("readiness.shock_strikes_elsewhere", field="shock", shock=said(known.name))
    if struck_on > found.today:
        raise Refused("readiness.shock_lies_ahead", field="struck_on", date=struck_on)
    _row, is_new = ShockStruck.objects.get_or_create(
        election_id=found.election.id,
        place_id=place,
        shock=shock,
        defaults={"struck_on": struck_on, "noted_by_id": actor.user_id, "noted_at": at},
    )
    if not is_new:
        raise Conflict("readiness.shock_is_noted_already", field="shock")
    event = ShockNoted(
        subjects=(f"shock:{shock}",),
        place=place,
        shock=shock,
        name=known.name["id"],
        is_there=True,
        struck_on=struck_on,
    )
    record(event, actor=actor, at=at)


@action
def forget_shock(*, place: PlaceCode, shock: str, actor: Viewer, at: datetime) -> None:
    """Take back that a shock has struck a regency: it is drawn again."""
    actor.require(NOTE_SHOCK, place)
    known, found = _shock(shock), _board(place, at, NOTE_SHOCK)
    row = (
        ShockStruck.objects.select_for_update()
        .filter(election=found.election.id, place=place, shock=shock)
        .first()
    )
    if row is None:
        raise Conflict("readiness.shock_is_not_noted", field="shock")
    event = ShockNoted(
        subjects=(f"shock:{shock}",),
        place=place,
        shock=shock,
        name=known.name["id"],
        is_there=False,
        struck_on=row.struck_on,
    )
    row.delete()
    record(event, actor=actor, at=at)


def _shock(key: str) -> Shock:
    found = shocks().shocks.get(key)
    if found is None:
        raise Refused("readiness.shock_is_unknown", field="shock", shock=key)
    return found


def _board(place: PlaceCode, at: datetime, permission: Permission) -> Board:
    found = board(place, at=at) if level_of(place) is Level.REGENCY else None
    if found is None:
        raise OutOfScope(permission, place)
    return found


# --- what people try


@action
def try_scenario(
    *,
    client_key: UUID,
    place: PlaceCode,
    name: str,
    changes: Sequence[Change],
    actor: Viewer,
    at: datetime,
) -> int:
    """Try changes on the forecast of a province or regency and return the scenario's id.

    A regency is computed at once, a province by the worker. Nothing real changes.
    """
    digest = digest_of(locals())
    actor.require(TRY_SCENARIO, place)
    if known := first_answer(Scenario, client_key, digest):
        return known.pk
    found = board(place, at=at) if level_of(place) <= Level.REGENCY else None
    if found is None:
        raise OutOfScope(TRY_SCENARIO, place)
    name = one_line(name)
    if not name:
        raise Refused("readiness.scenario_has_no_name", field="name")
    check_length(name, most=MOST_NAME, field="name")
    check_changes(changes)
    for row, one in enumerate(changes, 1):
        if one.place != place and not one.place.startswith(f"{place}."):
            raise Refused(
                "readiness.activity_is_not_there", row=row, activity=one.key, place=one.place
            )
    before, after = (None, None)
    if level_of(place) is Level.REGENCY:
        before, after = tried(place, changes, at=at)
    row_of = Scenario.objects.create(
        client_key=client_key,
        digest=digest,
        election_id=found.election.id,
        place_id=place,
        name=name,
        changes=[one.stored() for one in changes],
        before=before,
        after=after,
        made_by_id=actor.user_id,
        made_at=at,
    )
    event = ScenarioTried(
        subjects=(f"scenario:{row_of.pk}",),
        place=place,
        scenario_id=row_of.pk,
        changes=len(changes),
        title=name,
    )
    record(event, actor=actor, at=at)
    if after is None:
        enqueue(SCENARIO_JOB, lock=f"{SCENARIO_JOB}/{place}", scenario_id=row_of.pk)
    return row_of.pk


@action
def compute_scenario(
    *, scenario_id: int, before: object, after: object, actor: Viewer, at: datetime
) -> bool:
    """Lay down what the worker computed for a scenario; False where it is not awaited any more."""
    if not actor.system:
        raise OutOfScope(TRY_SCENARIO, str(scenario_id))
    row = Scenario.objects.select_for_update().filter(pk=scenario_id).first()
    if row is None or row.after is not None:
        return False
    row.before, row.after = before, after
    row.save(update_fields=["before", "after"])
    event = ScenarioComputed(
        subjects=(f"scenario:{row.pk}",), place=PlaceCode(row.place_id), scenario_id=row.pk
    )
    record(event, actor=actor, at=at)
    return True


@action
def adopt_scenario(*, scenario_id: int, actor: Viewer, at: datetime) -> int:
    """Ask each owner for what a scenario changes, and return of how many something was asked.

    Nobody else's data is changed: an owner drops, hastens or strengthens the own work, or refuses.
    What the actor's own institution owns is not asked. Refused where nothing is asked of anybody.
    """
    row = Scenario.objects.select_for_update().filter(pk=scenario_id).first()
    if row is None:
        raise OutOfScope(TRY_SCENARIO)
    place = PlaceCode(row.place_id)
    actor.require(TRY_SCENARIO, place)
    actor.require(GIVE_ACTION, place)
    if row.adopted_at is not None:
        raise Conflict("readiness.scenario_is_adopted_already")
    if row.after is None:
        raise Refused("readiness.scenario_is_not_computed")
    found = board(place, at=at)
    if found is None:
        raise OutOfScope(TRY_SCENARIO, place)
    speaker = voices(actor, GIVE_ACTION).first
    asked = 0
    for number_of, one in enumerate(asks_of(found, read_changes(row.changes))):
        if speaker is None or one.owner_id == speaker.id:
            continue
        proposed = proposal_of(one.alert, place=one.change.place, speaker=speaker, at=at)
        if proposed is None or proposed.owner_id is None or proposed.due_date is None:
            continue
        coordination.create_action(
            client_key=uuid5(row.client_key, str(number_of)),
            ask=Ask(
                owner_id=proposed.owner_id,
                text=_sentence(proposed.act["id"]),
                text_en=_sentence(proposed.act["en"]),
                due_date=proposed.due_date,
                place=one.change.place,
                evidence_asked=proposed.evidence["id"],
                alert_code=one.alert.code,
                alert_params=one.alert.params,
                alert_link=one.alert.link,
            ),
            actor=actor,
            at=at,
        )
        asked += 1
    if not asked:
        raise Refused("readiness.scenario_asks_nobody")
    row.adopted_by_id, row.adopted_at = actor.user_id, at
    row.save(update_fields=["adopted_by", "adopted_at"])
    event = ScenarioAdopted(
        subjects=(f"scenario:{row.pk}",),
        place=place,
        scenario_id=row.pk,
        requests=asked,
        title=row.name,
    )
    record(event, actor=actor, at=at)
    return asked


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
