"""What coordination adds to the daily report: deeds settled, who meets, what the Minister reads."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from serentak.coordination.rules.escalation import REQUESTING
from serentak.coordination.rules.states import ActionState
from serentak.coordination.rules.telling import Answer, Asking
from serentak.institutions.public import Verb
from serentak.kernel.area import Said, Section
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.clock import local_date

from .follow_up import ActionCard, for_minister, settled
from .meetings import MeetingCard, next_meetings


def sentences(*, place: PlaceCode, day: date, viewer: Viewer, at: datetime) -> Iterator[Said]:
    """Yield what was verified on the day, who meets on the next and what climbed to the Minister.

    Other desks' reports go to no ministry.
    """
    zone = places.zone_of(place)
    begin = datetime.combine(day, time.min, tzinfo=zone)
    for card in settled(place, viewer=viewer, since=begin, at=at):
        yield _settled(card, zone.key)
    for meeting in next_meetings(place, after=at):
        if meeting.date == day + timedelta(days=1):
            yield _meeting(meeting, zone.key)
    if level_of(place) == Level.PROVINCE:
        for card in for_minister(place, viewer=viewer, at=at):
            yield _unanswered(card, zone.key)


def _meeting(meeting: MeetingCard, zone: str) -> Said:
    params = {"theme": meeting.theme, "at": meeting.starts_at.isoformat(), "zone": zone}
    key = f"meeting:{meeting.link}"
    return Said("coordination.MEETING_AHEAD", key, params, meeting.link, Section.TOMORROW)


def _settled(card: ActionCard, zone: str) -> Said:
    """Tell a deed that was proved, and by how many days it was late; 0 where it was in time."""
    done_date = local_date(card.done_at, zone=zone) if card.done_at else card.promised_date
    late = max(0, (done_date - card.promised_date).days)
    params = {"owner": card.owner.name, "task": card.text, "days": late}
    return Said("coordination.SETTLED", f"settled:{card.link}", params, card.link)


def _unanswered(card: ActionCard, zone: str) -> Said:
    """Tell what is not done, how it was asked, what came back, and why it was refused."""
    answer = _answer(card)
    params = {
        "owner": card.owner.name,
        "task": card.text,
        "asked_date": local_date(card.asked_at, zone=zone).isoformat(),
        "due_date": card.due_date.isoformat(),
        "asking": _asking(card.verb).value,
        "answer": answer.value,
        "reason": card.reason if answer is Answer.REFUSED else "",
    }
    key = f"unanswered:{card.link}"
    return Said("coordination.UNANSWERED", key, params, card.link, Section.MINISTER)


def _asking(verb: str) -> Asking:
    """Return how it was asked: of who is asked freely, a head of region below, one's own line."""
    if verb in REQUESTING:
        return Asking.REQUEST
    return Asking.INSTRUCTION if verb == Verb.INSTRUCTION else Asking.DIRECTIVE


def _answer(card: ActionCard) -> Answer:
    """Return what came back; who had answered before it was asked again has answered."""
    if card.state is ActionState.REFUSED:
        return Answer.REFUSED
    is_known = card.acknowledged_at or card.state is not ActionState.OPEN
    return Answer.ACKNOWLEDGED if is_known else Answer.NONE
