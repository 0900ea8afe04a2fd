"""What is checked before one institution asks something of another."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from serentak.coordination.models import Action, AgendaItem, AgendaKind, Meeting
from serentak.coordination.rules.escalation import Asked, days_off, next_moment
from serentak.coordination.rules.minutes import NOT_AT_A_MEETING, usual_verb
from serentak.coordination.rules.states import ActionState
from serentak.coordination.words import VERBS
from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, Verb
from serentak.kernel.briefing import FigureClass
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.kernel.text import check_length
from serentak.kernel.viewer import Viewer
from serentak.kernel.workdays import add_hours
from serentak.places import public as places
from serentak.platform.clock import local_date
from serentak.platform.holidays import holidays

from .addressees import allowed_verbs
from .follow_up import action_link
from .settings import policy


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of whom, where, by when; `verb` empty: what one says first to them.

    `text_en` says the text in English where it is a catalogue's. `alert_*` keep the alert from
    which the action was made; the link is a path of the site.
    """

    owner_id: int
    text: str
    due_date: date
    place: PlaceCode
    verb: str = ""
    person: str = ""
    text_en: str = ""
    evidence_asked: str = ""
    check_date: date | None = None
    alert_code: str = ""
    alert_params: Mapping[str, Any] = field(default_factory=dict)
    alert_link: str = ""


FURTHEST = timedelta(days=731)
"""Two years ahead is a slip of the finger: nobody asks that of an election."""


LONGEST = {
    "text": 4000,
    "text_en": 4000,
    "evidence_asked": 300,
    "person": 200,
    "note": 4000,
    "said": 500,
    "reason": 4000,
    "representative": 200,
    "point": 300,
}
"""How many characters people may write."""


def check_due_date(day: date, place: PlaceCode, *, at: datetime, prefix: str = "") -> None:
    """Refuse a day that has passed, and one so far ahead that it is a slip of the finger."""
    today = today_at(place, at)
    if day < today:
        raise Refused("coordination.due_date_has_passed", field=f"{prefix}due_date")
    if day > today + FURTHEST:
        raise Refused("coordination.due_date_is_too_far", field=f"{prefix}due_date")


def end_of(day: date, place: PlaceCode) -> datetime:
    """Return the end of a day at a place."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=places.zone_of(place))


def clock_end(start: datetime, hours: int, place: PlaceCode) -> datetime:
    """Return when a clock of the policy has run for `hours` at a place."""
    return add_hours(start.astimezone(places.zone_of(place)), hours, off=_days_off(place))


def _days_off(place: PlaceCode) -> Container[date]:
    return days_off(policy(), vote_of(place), holidays=holidays())


def today_at(place: PlaceCode, at: datetime) -> date:
    """Return the calendar day at a place."""
    return local_date(at, zone=places.zone_of(place).key)


def vote_of(place: PlaceCode) -> date | None:
    """Return the day of the vote at a place, None where no election is set up."""
    election = elections.current_election(place)
    return election.vote_date if election else None


def vote_ahead(place: PlaceCode, *, at: datetime) -> date | None:
    """Return the day of the vote at a place if it has not passed."""
    vote = vote_of(place)
    return vote if vote and vote >= today_at(place, at) else None


def asked(
    ask: Ask,
    *,
    sender: InstitutionCard,
    owner: InstitutionCard | None,
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
    prefix: str = "",
) -> Action:
    """Return the row of an action, not saved; refuses what may not be asked.

    `prefix` stands before the names of fields in a refusal (`rows-3-`).
    """
    if not ask.text.strip():
        raise Refused("coordination.text_is_missing", field=f"{prefix}text")
    for name in ("text", "text_en", "evidence_asked", "person"):
        check_length(getattr(ask, name), most=LONGEST[name], field=f"{prefix}{name}")
    if owner is None:
        raise Refused("coordination.owner_is_missing", field=f"{prefix}owner")
    allowed = {v.value for v in institutions.verbs_of(sender, owner)}
    verb = ask.verb or usual_verb(allowed) or ""
    if verb == Verb.REPRIMAND:
        raise Refused("coordination.reprimand_is_a_letter", field=f"{prefix}kind")
    if verb not in allowed or verb in NOT_AT_A_MEETING:
        raise not_allowed(sender, owner, field=f"{prefix}kind")
    check_due_date(ask.due_date, ask.place, at=at, prefix=prefix)
    if ask.check_date and ask.check_date < ask.due_date:
        raise Refused("coordination.check_comes_before_due_date", field=f"{prefix}check_date")
    if ask.alert_link and not is_path(ask.alert_link):
        raise Refused("coordination.link_is_no_path", field=f"{prefix}alert_link")
    row = Action(
        place_id=ask.place,
        sender_id=sender.id,
        owner_id=owner.id,
        person=ask.person.strip(),
        verb=verb,
        text=ask.text.strip(),
        text_en=ask.text_en.strip(),
        evidence_asked=ask.evidence_asked.strip(),
        alert_code=ask.alert_code,
        alert_params=dict(ask.alert_params),
        alert_link=ask.alert_link,
        due_date=ask.due_date,
        due_at=end_of(ask.due_date, ask.place),
        check_date=ask.check_date,
        asked_at=at,
        acknowledge_by=clock_end(at, policy().acknowledge_hours, ask.place),
        asked_by_id=actor.user_id,
        figure_class=figure_class.value,
    )
    row.next_climb_at = next_climb(row)
    return row


def not_allowed(sender: InstitutionCard, owner: InstitutionCard, *, field: str) -> Refused:
    """Return the refusal of what the relation of two institutions does not allow.

    It names what is allowed between these two, and nothing that is not.
    """
    code = "coordination.verb_is_not_allowed"
    verbs = allowed_verbs(sender, [owner])[owner.id]
    allowed = ", ".join(str(VERBS[verb.value]) for verb in verbs) or _("nothing")
    return Refused(code, field=field, sender=sender.name, owner=owner.name, allowed=allowed)


def is_path(link: str) -> bool:
    """Tell whether a link is a path of this site and nothing else."""
    return link.startswith("/") and not link.startswith("//") and "\\" not in link


def agenda_point(row: Action, meeting: Meeting, position: int, *, at: datetime) -> AgendaItem:
    """Return the point of an agenda that an action is, not saved."""
    return AgendaItem(
        meeting=meeting,
        position=position,
        kind=AgendaKind.ACTION.value,
        action=row,
        place_id=row.place_id,
        link=action_link(row.pk),
        severity=_severity(row, at).value,
    )


def _severity(row: Action, at: datetime) -> Status:
    if row.state == ActionState.DONE:
        return Status.AT_RISK
    return Status.LATE if row.due_at <= at else Status.NO_REPORT


def climbing(row: Action) -> Asked:
    """Return what the policy needs to know of a row."""
    place = PlaceCode(row.place_id)
    return card_of(
        Asked,
        row,
        state=ActionState(row.state),
        zone=places.zone_of(place),
        off=_days_off(place),
    )


def next_climb(row: Action) -> datetime | None:
    """Return when the next step of the policy is due for a row."""
    return next_moment(climbing(row), policy())
