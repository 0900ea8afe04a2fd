"""Letters as pages and documents read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from serentak.coordination.models import Action, Letter
from serentak.coordination.permissions import DRAFT_LETTER, VIEW_COORDINATION
from serentak.coordination.rules.letters import Draft, LetterForm
from serentak.coordination.rules.states import LetterState
from serentak.institutions.public import voices
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer

from .follow_up import seen_by
from .settings import letter_patterns


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter with everything that is written on it; number and date are empty in a draft."""

    id: int
    action_id: int
    place: PlaceCode
    verb: str
    level: int
    ground: str
    form: LetterForm
    title: str
    sender_title: str
    sender_name: str
    recipient_title: str
    recipient_name: str
    recipient_is_candidate: bool
    recipient_at: str
    city: str
    draft: Draft
    state: LetterState
    drafted_at: datetime
    number: str
    letter_date: date | None
    version: int


def letter_row(letter_id: int, viewer: Viewer, *, lock: bool = False) -> Letter:
    """Return a letter whose action the viewer may see; OutOfScope otherwise.

    What was not sent is seen by those who draft for its sender only.
    """
    rows = Letter.objects.select_related("action").filter(pk=letter_id)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None or not _sees(row, viewer):
        raise OutOfScope(VIEW_COORDINATION)
    return row


def _sees(row: Letter, viewer: Viewer) -> bool:
    if row.state != LetterState.SENT and row.sender_id not in voices(viewer, DRAFT_LETTER):
        return False
    return Action.objects.filter(seen_by(viewer), pk=row.action_id).exists()


def letter_card(letter_id: int, viewer: Viewer) -> LetterCard:
    """Return a letter that the viewer may see."""
    return _card(letter_row(letter_id, viewer))


def letters_of(action_id: int, *, with_drafts: bool) -> Sequence[LetterCard]:
    """Return the letters of an action, the newest first; check access before.

    `with_drafts` for those who draft for its sender.
    """
    states = [LetterState.SENT.value, *([LetterState.DRAFT.value] if with_drafts else [])]
    rows = Letter.objects.select_related("action").filter(action=action_id, state__in=states)
    return [_card(row) for row in rows.order_by("-pk")]


def _card(row: Letter) -> LetterCard:
    pattern = letter_patterns().by_verb[row.verb]
    return card_of(
        LetterCard,
        row,
        place=PlaceCode(row.action.place_id),
        form=pattern.form,
        title=pattern.title,
        draft=Draft(row.subject, row.opening, tuple(row.points), row.closing, tuple(row.copies)),
        state=LetterState(row.state),
    )
