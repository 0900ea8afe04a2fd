"""What several actions of coordination share: in whose name one speaks, what the two sides hear."""

from serentak.coordination.events import LetterDrafted
from serentak.coordination.models import Action, Letter
from serentak.coordination.permissions import ANSWER_ACTION, GIVE_ACTION
from serentak.coordination.queries.follow_up import action_link
from serentak.coordination.queries.letters import LetterCard, columns_of
from serentak.coordination.queries.settings import restricted
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.notices.actions import Notice
from serentak.platform.audit import About


def _speaker(
    institution_id: int | None, actor: Viewer, permission: Permission, *, field: str
) -> InstitutionCard:
    """Return in whose name the actor speaks; refuses a name that is not the actor's."""
    found = voices(actor, permission)
    card = institutions.institution(institution_id) if institution_id else found.first
    if card is None or card.id not in found:
        raise Refused("coordination.not_your_voice", field=field)
    return card


def _notice(row: Action, institution_id: int, code: str, *, is_urgent: bool = False) -> Notice:
    """Return what one side of an action is told; what is confided only who may know."""
    return Notice(
        institution_id=institution_id,
        permission=ANSWER_ACTION if institution_id == row.owner_id else GIVE_ACTION,
        also=restricted().get(row.alert_code),
        code=code,
        params={"task": row.text[:200], "due": row.due_date.isoformat()},
        link=action_link(row.pk),
        is_urgent=is_urgent,
    )


def _stored_letter(row: Action, letter: LetterCard, actor: Viewer) -> Letter:
    """Store a letter about an action as a draft and return its row."""
    return Letter.objects.create(
        action=row,
        sender_id=row.sender_id,
        recipient_id=row.owner_id,
        drafted_by_id=actor.user_id,
        **columns_of(letter),
    )


def _drafted_event(letter: Letter) -> LetterDrafted:
    """Return the event that a letter was drafted."""
    return LetterDrafted(
        **_about_letter(letter), verb=letter.verb, level=letter.level, ground=letter.ground
    )


def _about_letter(letter: Letter, place: PlaceCode = COUNTRY) -> About:
    """Return what an event says of a letter; a draft is recorded at no place."""
    return {
        "subjects": (f"letter:{letter.pk}", f"action:{letter.action_id}"),
        "place": place,
        "institution_id": letter.sender_id,
    }
