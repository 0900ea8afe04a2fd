"""Records checks: what was answered, what that makes of the place, which defects come or go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.urls import reverse

from serentak.facilities.events import PlacesChecked
from serentak.facilities.models import Check, Defect, Standing
from serentak.facilities.permissions import MEND_DEFECTS, RECORD_CHECKS
from serentak.facilities.queries.catalogues import checklists, vote_date_of
from serentak.facilities.queries.checks import checker_of, hanging, menders, quantities
from serentak.facilities.queries.coverage import OPEN
from serentak.facilities.rules.checklists import Answer, Checklist
from serentak.facilities.rules.defects import DEFECT_TRANSITIONS, DefectEvent, DefectState
from serentak.facilities.rules.judging import Judged, Verdict, answer_fault, judge
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer, one_at_a_time

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered at a place, by the question's key; `number` is the row as it was sent."""

    place: PlaceCode
    answers: Mapping[str, Answer] = field(default_factory=dict)
    number: int | None = None


@action
def record_checks(
    *,
    client_key: UUID,
    checklist: str,
    rows: Sequence[Answered],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record what was answered at places, all or nothing; return how many places were checked.

    A question that was not looked at keeps its last answer. What fails becomes a defect of who
    mends it; what passes, or does not apply, closes one. Each place stands once among the rows.
    """
    digest = digest_of(locals())
    known = checklists().checklists.get(checklist)
    if known is None:
        raise Refused("facilities.checklist_is_unknown", field="checklist")
    if not rows:
        raise Refused("facilities.nothing_is_answered")
    for row in rows:
        if level_of(row.place) is not known.level or not actor.may(RECORD_CHECKS, row.place):
            raise OutOfScope(RECORD_CHECKS, row.place)
    keys = {row.place: uuid5(client_key, row.place) for row in rows}
    if first_answer(Check, keys[rows[0].place], digest):
        return len(rows)
    if faults := list(_faults(known, rows)):
        raise Refused.of(*faults)
    # Who checks the same places waits, so that each builds on what the other answered.
    for regency in sorted({at_level(row.place, Level.REGENCY) for row in rows}):
        one_at_a_time(f"checks of {regency}")
    visit = _Visit(known, rows, keys, digest, figure_class, actor, at)
    visit.store()
    record(
        PlacesChecked(
            subjects=visit.subjects,
            place=places.common_place([row.place for row in rows]),
            institution_id=visit.institution_id,
            checklist=known.key,
            places=len(rows),
            found=len(visit.found),
            confirmed=visit.confirmed,
        ),
        actor=actor,
        at=at,
    )
    notify(notices=list(visit.notices()), actor=actor, at=at)
    return len(rows)


def _faults(known: Checklist, rows: Sequence[Answered]) -> Iterator[Fault]:
    """Yield every rule that the rows break."""
    there = places.places({row.place for row in rows})
    seen: set[PlaceCode] = set()
    for row in rows:
        if row.place not in there:
            yield Fault("facilities.place_is_unknown", "place", row=row.number)
        if row.place in seen:
            yield Fault("facilities.place_stands_twice", "place", row=row.number)
        seen.add(row.place)
        if not row.answers:
            yield Fault("facilities.nothing_is_answered", row=row.number)
        for key, answer in row.answers.items():
            question = known.questions.get(key)
            if question is None:
                yield Fault("facilities.question_is_unknown", key, row=row.number)
            elif fault := answer_fault(question, answer, checklists().units):
                yield replace(fault, row=row.number)


class _Visit:
    """Rows that hold, with all that follows from them; `store` writes it."""

    def __init__(
        self,
        known: Checklist,
        rows: Sequence[Answered],
        keys: Mapping[PlaceCode, UUID],
        digest: str,
        figure_class: FigureClass,
        actor: Viewer,
        at: datetime,
    ) -> None:
        self.known, self.rows, self.at = known, rows, at
        self.keys, self.digest, self.figure_class = keys, digest, figure_class
        codes = [row.place for row in rows]
        vote_date = vote_date_of(codes[0])
        if vote_date is None:
            raise Refused("facilities.place_has_no_election")
        self.vote_date = vote_date
        card = None if actor.system else checker_of(actor, codes[0])
        self.institution_id = card.id if card else None
        self.checked_by = actor.user_id
        self.found: list[Defect] = []
        self.changed: list[Defect] = []
        self.confirmed = 0
        before = Standing.objects.filter(place__in=codes, checklist=known.key)
        self.before = {PlaceCode(row.place_id): row for row in before}
        self.quantities = quantities(known, codes)
        self.judged = {row.place: self._judge(row) for row in rows}

    def _judge(self, row: Answered) -> Judged:
        given = self.quantities[row.place]
        return judge(self.known, self._answers(row), given, checklists().thresholds)

    def _answers(self, row: Answered) -> Mapping[str, Answer]:
        """Return the answers that hold now: what was not looked at stays as it was."""
        before = self.before.get(row.place)
        kept = before.answers if before and before.version == self.known.version else {}
        return {**kept, **row.answers}

    def store(self) -> None:
        """Write checks, standings and defects."""
        checks = Check.objects.bulk_create(
            [self._check(row) for row in self.rows], batch_size=ROWS_AT_ONCE
        )
        of = dict(zip((row.place for row in self.rows), checks, strict=True))
        standings = [self._standing(row, of[row.place]) for row in self.rows]
        Standing.objects.bulk_create(
            standings,
            update_conflicts=True,
            unique_fields=["place", "checklist"],
            update_fields=[
                "version", "last_check", "answers", "outcome", "passed", "total", "in_order",
                "failed", "unanswered", "open_due", "checked_at",
            ],
            batch_size=ROWS_AT_ONCE,
        )  # fmt: skip
        self._follow(of)

    def _check(self, row: Answered) -> Check:
        judged = self.judged[row.place]
        return Check(
            client_key=self.keys[row.place],
            digest=self.digest,
            place_id=row.place,
            checklist=self.known.key,
            version=self.known.version,
            answers=dict(row.answers),
            institution_id=self.institution_id,
            checked_by_id=self.checked_by,
            checked_at=self.at,
            outcome=judged.outcome.value,
            passed=judged.passed,
            total=judged.total,
            figure_class=self.figure_class.value,
        )

    def _standing(self, row: Answered, check: Check) -> Standing:
        judged = self.judged[row.place]
        return Standing(
            place_id=row.place,
            checklist=self.known.key,
            version=self.known.version,
            last_check=check,
            answers=self._answers(row),
            outcome=judged.outcome.value,
            passed=judged.passed,
            total=judged.total,
            in_order=len(judged.of(Verdict.PASSED)),
            failed=judged.of(Verdict.FAILED),
            unanswered=judged.of(Verdict.UNANSWERED),
            open_due=judged.open_due,
            checked_at=self.at,
        )

    def _follow(self, checks: Mapping[PlaceCode, Check]) -> None:
        """Open, reopen and close defects as the answers have it."""
        rows = Defect.objects.filter(OPEN, checklist=self.known.key, place__in=list(checks))
        open_now = {
            (PlaceCode(row.place_id), row.question): row
            for row in rows.select_for_update().order_by("pk")
        }
        new: list[tuple[PlaceCode, str]] = []
        # A question that is asked no more keeps no defect open.
        gone = {(place, key) for place, key in open_now if key not in self.judged[place].verdicts}
        for place, key in sorted(gone):
            self._moves(open_now[place, key], Verdict.NOT_APPLICABLE, checks[place])
            self.changed.append(open_now[place, key])
        for place, judged in self.judged.items():
            for key, verdict in judged.verdicts.items():
                defect = open_now.get((place, key))
                if verdict is Verdict.FAILED and defect is None:
                    new.append((place, key))
                elif defect is None or verdict is Verdict.UNANSWERED:
                    continue
                elif self._moves(defect, verdict, checks[place]):
                    self.changed.append(defect)
        Defect.objects.bulk_update(
            self.changed,
            ["state", "confirmed_by", "promised_date", "version"],
            batch_size=ROWS_AT_ONCE,
        )
        self.found = Defect.objects.bulk_create(self._defects(new, checks), batch_size=ROWS_AT_ONCE)

    def _moves(self, defect: Defect, verdict: Verdict, check: Check) -> bool:
        """Let an open defect follow a verdict; tell whether that changes it."""
        fails = verdict is Verdict.FAILED
        event = DefectEvent.FAIL_AGAIN if fails else DefectEvent.CONFIRM
        after = DEFECT_TRANSITIONS.after(DefectState(defect.state), event)
        if after is None:  # it fails still, and nobody said otherwise
            return False
        defect.state, defect.version = after.value, defect.version + 1
        if fails:
            defect.promised_date = None
        else:
            defect.confirmed_by = check
            self.confirmed += 1
        return True

    def _defects(
        self, new: Sequence[tuple[PlaceCode, str]], checks: Mapping[PlaceCode, Check]
    ) -> Iterable[Defect]:
        if not new:
            return []
        codes = {place for place, _key in new}
        owners = menders(self.known, codes)
        reached = hanging(codes)
        return [
            Defect(
                place_id=place,
                checklist=self.known.key,
                question=key,
                is_hard=self.known.questions[key].hard,
                presses=self.known.questions[key].presses,
                owner_id=_owner(owners, place, key).id,
                stations=reached[place].stations,
                voters=reached[place].voters,
                found_by=checks[place],
                found_at=self.at,
                due_date=day_of(self.known.questions[key].due, vote_date=self.vote_date),
                figure_class=self.figure_class.value,
            )
            for place, key in new
        ]

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the event is about: a place's checks, and each defect that it changes.

        New defects of many places are told by their number alone.
        """
        is_one = len(self.rows) == 1
        own = (f"checks:{self.rows[0].place}",) if is_one else ()
        told = [*self.changed, *(self.found if is_one else ())]
        return (*own, *(f"defect:{defect.pk}" for defect in told))

    def notices(self) -> Iterator[Notice]:
        """Tell each who has to mend something how much that is, once."""
        by_owner: dict[int, list[Defect]] = {}
        for defect in self.found:
            by_owner.setdefault(defect.owner_id, []).append(defect)
        for owner, defects in by_owner.items():
            place = places.common_place([PlaceCode(defect.place_id) for defect in defects])
            link = (
                reverse("facilities:defect", args=[defects[0].pk])
                if len(defects) == 1
                else reverse("facilities:place", args=[place])
            )
            yield Notice(
                institution_id=owner,
                permission=MEND_DEFECTS,
                code="facilities.defects_were_found",
                params={"count": len(defects), "checklist": self.known.key},
                link=link,
                is_urgent=any(defect.is_hard for defect in defects),
            )


def _owner(
    owners: Mapping[tuple[PlaceCode, str], InstitutionCard], place: PlaceCode, key: str
) -> InstitutionCard:
    found = owners.get((place, key))
    if found is None:
        raise Refused("facilities.nobody_mends_it", field=key)
    return found
