"""What other slices may know of meetings, actions and promises."""

from django.urls import reverse

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode

from .models import Attendance
from .permissions import ANSWER_ACTION, DRAFT_LETTER, GIVE_ACTION, RUN_MEETING, VIEW_COORDINATION
from .queries.alerts import Letters, letters_of, signed
from .queries.briefing import PlaceRecord, briefings, counts_by_place, records
from .queries.follow_up import (
    ActionCard,
    DeedDone,
    Work,
    actions_from_alerts,
    asked_below,
    done_about,
    my_work,
)
from .queries.meetings import (
    AgendaLine,
    MeetingCard,
    VisitLine,
    agenda,
    links_on_agenda,
    meetings,
    meetings_among,
    meetings_until,
    next_meetings,
    promises,
    visits,
)
from .queries.proposals import plain_proposal, proposal_of, title_of
from .queries.settings import letter_patterns, restricted
from .queries.telling import sentences
from .rules.minutes import OutcomeKind
from .rules.promises import Record, Standing
from .rules.states import OWED, SETTLED, ActionState, MeetingState
from .words import standing_word


def ask_url(alert: Alert) -> str:
    """Return the page on which an action is made from an alert, filled in; for GIVE_ACTION."""
    return f"{reverse('coordination:give', args=[alert.place])}?alert={signed(alert)}"


def city_of(place: PlaceCode) -> str:
    """Return where the offices of a place sit, for the line of place and date; "" if unknown."""
    return letter_patterns().capitals.get(place, "")


def agenda_url(alert: Alert, *, meeting_id: int) -> str:
    """Return the page that puts an alert on a meeting's agenda; for RUN_MEETING."""
    return f"{reverse('coordination:add_to_agenda', args=[meeting_id])}?alert={signed(alert)}"
