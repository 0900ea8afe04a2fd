"""Compares the sides of all checks with the board, and lets people answer and settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode, at_level, level_of
from serentak.kernel.differing import Differs
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.platform import areas
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.clock import local_date
from serentak.platform.concurrency import check_unchanged, one_at_a_time
from serentak.platform.rows import within
from serentak.reporting.events import ContradictionHandled, ContradictionsCompared
from serentak.reporting.models import Contradiction, ContradictionStep
from serentak.reporting.permissions import SETTLE_CONTRADICTION
from serentak.reporting.queries.differing import exists_for
from serentak.reporting.rules.differing import (
    CONTRADICTION_TRANSITIONS,
    LIVE,
    Check,
    ContradictionEvent,
    ContradictionState,
    Used,
    clocks,
    event_for,
    is_tolerated,
    near_day,
    strength,
    values_of,
)
from serentak.reporting.words import catalogue

MOST_LETTERS = 500
MOST_OF_A_PROOF = 200
BATCH = 500

Subject = tuple[str, PlaceCode, str]


@dataclass(slots=True)
class Compared:
    """What comparing changed; `faulty` are checks that failed, each with why."""

    opened: int = 0
    changed: int = 0
    gone: int = 0
    reopened: int = 0
    faulty: dict[str, str] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has changed."""
        return not (self.opened or self.changed or self.gone or self.reopened)


@action
def compare_sides(*, place: PlaceCode, actor: Viewer, at: datetime) -> Compared:
    """Ask every check of a province, and open, change, end and reopen what follows.

    Done twice it changes nothing; two at once do it one after the other. A check that fails leaves
    what is known of it as it stands.
    """
    one_at_a_time(f"contradictions:{place}")
    election = elections.current_election(place)
    if election is None:
        raise Refused("reporting.no_election")
    day = local_date(at, zone=election.zone.key)
    done = Compared()
    found = _found(place, at, done)
    checks = {k: c for k, c in catalogue().asked.items() if k not in done.faulty}
    rows = {
        (row.check_key, PlaceCode(row.place_id), row.subject): row
        for row in Contradiction.objects.select_for_update()
        .filter(within(place), election_id=election.id, check_key__in=checks)
        .order_by("pk")
    }
    owners = _owners(found, checks)
    steps: list[ContradictionStep] = []
    new: list[Contradiction] = []
    touched: list[Contradiction] = []
    for key, differs in found.items():
        check = checks[key[0]]
        if key not in rows:
            row = Contradiction(
                key=uuid4(), election_id=election.id, check_key=key[0], place_id=key[1],
                subject=key[2],
            )  # fmt: skip
            _take(row, check, differs, owners[key], vote_date=election.vote_date)
            _open(row, check, at, is_vote_day=day == election.vote_date)
            new.append(row)
            steps.append(_step(row, None, at))
            done.opened += 1
            continue
        row = rows[key]
        values = values_of(differs)
        is_live = row.state in LIVE
        event = event_for(
            ContradictionState(row.state),
            differs=True,
            changed=values != ([row.a, row.b] if is_live else row.settled_values),
            was_equal=not row.differs,
            rule=check.comes_back,
        )
        before = _mark(row)
        _take(row, check, differs, owners[key], vote_date=election.vote_date)
        if event is ContradictionEvent.COME_BACK:
            _reopen(row, check, at, is_vote_day=day == election.vote_date)
            done.reopened += 1
        elif _mark(row) == before:
            continue
        else:
            done.changed += 1
        row.version += 1
        touched.append(row)
        if event:
            steps.append(_step(row, event, at))
    for key, row in rows.items():
        if key in found or not row.differs:
            continue
        row.differs = False
        row.version += 1
        touched.append(row)
        if row.state in LIVE:
            row.state, row.ended_at = ContradictionState.GONE.value, at
            steps.append(_step(row, ContradictionEvent.VANISH, at, in_time=at <= row.settle_by_at))
        done.gone += 1
    _write(new, touched, steps)
    if not done.is_quiet:
        record(
            ContradictionsCompared(
                subjects=(f"place:{place}",),
                place=place,
                institution_id=None,
                opened=done.opened,
                changed=done.changed,
                gone=done.gone,
                reopened=done.reopened,
                faulty=tuple(sorted(done.faulty)),
            ),
            actor=actor,
            at=at,
        )
    return done


def _found(place: PlaceCode, at: datetime, done: Compared) -> dict[Subject, Differs]:
    """Return what differs beyond tolerance, by check, place and subject."""
    asks = areas.checks()
    found: dict[Subject, Differs] = {}
    for key, check in catalogue().asked.items():
        try:
            told = {}
            for one in asks[check.asks](parent=place, at=at):
                strength(check.weight.base, one.amount)
                if not is_tolerated(one, check.tolerance, at=at):
                    told[key, one.place, one.subject] = one
            found |= told
        except (ArithmeticError, ValueError) as error:
            done.faulty[key] = f"contradictions: {key}: {error}"
    return found


def _owners(
    found: Mapping[Subject, Differs], checks: Mapping[str, Check]
) -> dict[Subject, int | None]:
    """Return who settles each: the row's owner, else the catalogue's kind at its level."""
    seats = {
        key: (
            checks[key[0]].owner.kind,
            at_level(key[1], min(checks[key[0]].owner.level, level_of(key[1]))),
        )
        for key in found
    }
    cards = (
        institutions.institutions_by(
            kinds={kind for kind, _ in seats.values()}, places={seat for _, seat in seats.values()}
        )
        if seats
        else {}
    )
    return {
        key: found[key].owner_id or (cards[seat].id if seat in cards else None)
        for key, seat in seats.items()
    }


def _mark(row: Contradiction) -> list[object]:
    """Return what a reader sees of the sides, to tell whether anything changed."""
    return [row.a, row.b, row.about, row.amount, row.near, row.owner_id, row.audience,
            row.a_link, row.b_link, row.differs]  # fmt: skip


def _take(
    row: Contradiction, check: Check, found: Differs, owner_id: int | None, *, vote_date: date
) -> None:
    row.a, row.b = values_of(found)
    row.a_link, row.b_link = found.a.link, found.b.link
    row.a_by_id, row.b_by_id = found.a.by, found.b.by
    row.about = dict(found.about)
    row.amount = float(found.amount)
    row.strength = strength(check.weight.base, found.amount)
    row.near = near_day(check, found, vote_date=vote_date)
    row.owner_id = owner_id
    row.audience = sorted(found.audience) if found.audience is not None else None
    row.figure_class = found.figure_class.value
    row.differs = True


def _open(row: Contradiction, check: Check, at: datetime, *, is_vote_day: bool) -> None:
    row.state = ContradictionState.OPEN.value
    row.opened_at = at
    row.answer_by_at, row.settle_by_at = clocks(check.clock, at=at, is_vote_day=is_vote_day)


def _reopen(row: Contradiction, check: Check, at: datetime, *, is_vote_day: bool) -> None:
    _open(row, check, at, is_vote_day=is_vote_day)
    row.reopened += 1
    row.answer = row.reason = row.proof = row.used = ""
    row.answered_at = row.ended_at = row.settled_by_id = None
    row.settled_alone, row.settled_values = False, []


def _step(
    row: Contradiction,
    event: ContradictionEvent | None,
    at: datetime,
    *,
    text: str = "",
    in_time: bool | None = None,
    institution_id: int | None = None,
    by: int | None = None,
) -> ContradictionStep:
    return ContradictionStep(
        contradiction=row,
        event=event.value if event else "",
        state=row.state,
        text=text,
        a=row.a,
        b=row.b,
        is_in_time=in_time,
        institution_id=institution_id,
        taken_by_id=by,
        taken_at=at,
    )


_CHANGED = [
    "a", "b", "a_link", "b_link", "a_by", "b_by", "about", "amount", "strength", "near", "owner",
    "audience", "figure_class", "differs", "state", "opened_at", "answer_by_at", "settle_by_at",
    "reopened", "answer", "reason", "proof", "used", "answered_at", "ended_at", "settled_by",
    "settled_alone", "settled_values", "version",
]  # fmt: skip


def _write(
    new: Iterable[Contradiction],
    touched: Iterable[Contradiction],
    steps: list[ContradictionStep],
) -> None:
    Contradiction.objects.bulk_create(new, batch_size=BATCH)
    Contradiction.objects.bulk_update(touched, _CHANGED, batch_size=BATCH)
    for step in steps:
        step.contradiction_id = step.contradiction.pk
    ContradictionStep.objects.bulk_create(steps, batch_size=BATCH)


# --- what people do


@action
def acknowledge_contradiction(*, key: UUID, version: int, actor: Viewer, at: datetime) -> None:
    """Say that one's institution looks into it."""
    row = _own(key, version, actor)
    _move(row, ContradictionEvent.ACKNOWLEDGE, actor, at)


@action
def answer_contradiction(
    *, key: UUID, version: int, answer: str, actor: Viewer, at: datetime
) -> None:
    """Say why the sides differ; a later answer replaces it, and the log keeps both."""
    row = _own(key, version, actor)
    row.answer, row.answered_at = _said(answer, "answer", "reporting.answer_is_missing"), at
    _move(row, ContradictionEvent.ANSWER, actor, at, text=row.answer)


@action
def settle_contradiction(
    *,
    key: UUID,
    version: int,
    reason: str,
    proof: str,
    used: Used,
    actor: Viewer,
    at: datetime,
) -> None:
    """Decide which side is used, and why; both stay visible.

    Who entered a side settles only where nobody else could: where no other account acts for the
    owner.
    """
    row = _own(key, version, actor)
    row.reason = _said(reason, "reason", "reporting.decision_needs_a_reason")
    row.proof = one_line(proof)
    check_length(row.proof, field="proof", most=MOST_OF_A_PROOF)
    row.used = used.value
    row.settled_by_id = actor.user_id
    if actor.user_id is not None and actor.user_id in (row.a_by_id, row.b_by_id):
        owner = row.owner_id
        heard = institutions.accounts_for([owner], SETTLE_CONTRADICTION, at=at) if owner else {}
        if any(account.user_id != actor.user_id for of in heard.values() for account in of):
            raise Refused("who_settles_did_not_enter_a_side")
        row.settled_alone = True
    row.settled_values, row.ended_at = [row.a, row.b], at
    _move(
        row,
        ContradictionEvent.SETTLE,
        actor,
        at,
        text=row.reason,
        proof=row.proof,
        in_time=at <= row.settle_by_at,
    )


@action
def reopen_contradiction(
    *, key: UUID, version: int, reason: str, actor: Viewer, at: datetime
) -> None:
    """Open a settled one again while the sides still differ; by who settles at its place."""
    row = _locked(key, version, actor)
    if not row.differs:
        raise Refused("reporting.sides_are_equal")
    said = _said(reason, "reason", "reporting.reopening_needs_a_reason")
    state = ContradictionState(row.state)
    CONTRADICTION_TRANSITIONS.must(state, ContradictionEvent.REOPEN, otherwise=_elsewhere())
    check = catalogue().contradictions[row.check_key]
    election = elections.current_election(PlaceCode(row.place_id))
    day = local_date(at, zone=election.zone.key) if election else None
    _reopen(row, check, at, is_vote_day=bool(election and day == election.vote_date))
    _save(row, ContradictionEvent.REOPEN, actor, at, text=said)


def _elsewhere() -> Refused:
    return Refused("reporting.contradiction_is_elsewhere")


def _locked(key: UUID, version: int, actor: Viewer) -> Contradiction:
    row = Contradiction.objects.select_for_update().filter(key=key).first()
    if row is None or not exists_for(actor, row):
        raise OutOfScope(SETTLE_CONTRADICTION, key)
    actor.require(SETTLE_CONTRADICTION, PlaceCode(row.place_id))
    check_unchanged(version, row.version)
    return row


def _own(key: UUID, version: int, actor: Viewer) -> Contradiction:
    """Lock one that the actor's institution settles; refused to everybody else who may see it."""
    row = _locked(key, version, actor)
    if row.owner_id not in institutions.voices(actor, SETTLE_CONTRADICTION):
        raise Refused("reporting.owner_settles")
    return row


def _said(text: str, name: str, otherwise: str) -> str:
    said = one_line(text)
    if not said:
        raise Refused(otherwise, field=name)
    check_length(said, field=name, most=MOST_LETTERS)
    return said


def _move(
    row: Contradiction,
    event: ContradictionEvent,
    actor: Viewer,
    at: datetime,
    *,
    text: str = "",
    proof: str = "",
    in_time: bool | None = None,
) -> None:
    state = CONTRADICTION_TRANSITIONS.must(
        ContradictionState(row.state), event, otherwise=_elsewhere()
    )
    row.state = state.value
    _save(row, event, actor, at, text=text, proof=proof, in_time=in_time)


def _save(
    row: Contradiction,
    event: ContradictionEvent,
    actor: Viewer,
    at: datetime,
    *,
    text: str,
    proof: str = "",
    in_time: bool | None = None,
) -> None:
    row.version += 1
    row.save()
    through = institutions.voices(actor, SETTLE_CONTRADICTION)
    own = row.owner_id if row.owner_id in through else None
    institution_id = own or (through.first.id if through.first else None)
    step = _step(
        row,
        event,
        at,
        text=text,
        in_time=in_time,
        institution_id=institution_id,
        by=actor.user_id,
    )
    step.save()
    record(
        ContradictionHandled(
            subjects=(f"contradiction:{row.key}",),
            place=PlaceCode(row.place_id),
            institution_id=institution_id,
            event=event.value,
            check=row.check_key,
            used=row.used,
            text=text,
            proof=proof,
        ),
        actor=actor,
        at=at,
    )
