"""Letters as pages and documents read them, and what a letter about an action says."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import override

from serentak.coordination.models import Action, Letter
from serentak.coordination.permissions import DRAFT_LETTER, GIVE_ACTION, VIEW_COORDINATION
from serentak.coordination.rules.letters import (
    OWN_WORDS,
    Draft,
    LetterForm,
    LetterPattern,
    about,
    by_day,
    clause,
    drafted,
)
from serentak.coordination.rules.promises import days_overdue, promised_date
from serentak.coordination.rules.states import ActionState, LetterState
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, Verb, voices
from serentak.kernel.acts import deed
from serentak.kernel.briefing import FigureClass
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places

from .asking import Ask, asked, today_at
from .follow_up import holder_of, is_confided, seen_by
from .proposals import act_of, copies_of, facts_of, title_of
from .settings import letter_patterns, restricted


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
    basis: tuple[str, ...]
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


def letter_link(letter_id: int) -> str:
    """Return the path of a letter's page."""
    return reverse("coordination:letter", args=[letter_id])


def letters_of(action_id: int, *, with_drafts: bool) -> Sequence[LetterCard]:
    """Return the letters of an action, the newest first; check access before.

    `with_drafts` for those who draft for its sender.
    """
    states = [LetterState.SENT.value, *([LetterState.DRAFT.value] if with_drafts else [])]
    rows = Letter.objects.select_related("action").filter(action=action_id, state__in=states)
    return [_card(row) for row in rows.order_by("-pk")]


def pattern_of(
    verb: str, sender: InstitutionCard | None, recipient: InstitutionCard | None
) -> LetterPattern:
    """Return how a letter of one institution to another reads."""
    patterns = letter_patterns()
    is_own_head = (
        sender is not None
        and recipient is not None
        and (sender.family, recipient.family) == ("OWN_AGENCY", "HEAD_OF_REGION")
        and sender.place == recipient.place
    )
    return (is_own_head and patterns.to_own_head) or patterns.by_verb[verb]


def _card(row: Letter) -> LetterCard:
    known = institutions.institutions([row.sender_id, row.recipient_id])
    pattern = pattern_of(row.verb, known.get(row.sender_id), known.get(row.recipient_id))
    return card_of(
        LetterCard,
        row,
        place=PlaceCode(row.action.place_id),
        form=pattern.form,
        title=pattern.title,
        basis=pattern.basis,
        draft=Draft(
            row.subject,
            row.opening,
            tuple(row.points),
            row.closing,
            tuple(row.copies),
            row.nature,
            row.enclosures,
        ),
        state=LetterState(row.state),
    )


# --- what a letter about an action says

LEVELS = {1: "pertama", 2: "kedua"}
DECIDES_FOR_ITSELF = frozenset({"COMMISSION", "SUPERVISOR", "POLICE", "ARMY", "PROSECUTOR"})
RESPECT = "Permohonan ini tidak mengurangi kewenangan Saudara."


def composed(
    row: Action,
    *,
    sender: InstitutionCard,
    recipient: InstitutionCard,
    verb: str = "",
    level: int = 0,
    ground: str = "",
    at: datetime,
) -> LetterCard:
    """Return the letter about an action, which need not be stored yet; without a verb, its own.

    Sender and receiver are named by the holders of today with their status, all in Indonesian.
    """
    verb = verb or row.verb
    patterns = letter_patterns()
    with override("id"):
        known = institutions.institutions([sender.id, recipient.id])
        sender, recipient = known[sender.id], known[recipient.id]
        pattern = pattern_of(verb, sender, recipient)
        signs, receives = holder_of(sender, at=at), holder_of(recipient, at=at)
        confided = is_confided(row)
        copies = () if confided else copies_of(sender, recipient, verb, at=at)
        words = drafted(pattern, _values(row, verb, level, ground, sender, recipient, at), copies)
        return LetterCard(
            id=0,
            action_id=row.pk or 0,
            place=PlaceCode(row.place_id),
            verb=verb,
            level=level if verb == Verb.REPRIMAND else 0,
            ground=ground if verb == Verb.REPRIMAND else "",
            form=pattern.form,
            title=pattern.title,
            basis=pattern.basis,
            sender_title=title_of(sender, at=at),
            sender_name=signs.name if signs else "",
            recipient_title=title_of(recipient, at=at),
            recipient_name=receives.name if receives else "",
            recipient_is_candidate=bool(receives and receives.is_candidate),
            recipient_at=patterns.capitals.get(recipient.place or "COUNTRY", ""),
            city=patterns.capitals.get(sender.place or "COUNTRY", ""),
            draft=replace(
                words,
                subject=words.subject[:300],
                nature="Rahasia" if confided else words.nature,
            ),
            state=LetterState.DRAFT,
            drafted_at=at,
            number="",
            letter_date=None,
            version=0,
        )


def letter_before(
    ask: Ask, *, guidance_id: int | None, viewer: Viewer, at: datetime
) -> tuple[LetterCard, InstitutionCard, InstitutionCard]:
    """Return the letter of what would be asked, its sender and addressee; nothing is stored.

    Refuses what could not be asked.
    """
    if (needed := restricted().get(ask.alert_code)) is not None:
        viewer.require(needed, ask.place)
    sender, owner = voices(viewer, GIVE_ACTION).first, institutions.institution(ask.owner_id)
    if sender is None:
        raise Refused("coordination.not_your_voice", field="sender")
    row = asked(
        ask, sender=sender, owner=owner, figure_class=FigureClass.SOURCED, actor=viewer, at=at
    )
    assert owner is not None  # noqa: S101  # nobody is asked without one
    row.guidance_id = guidance_id
    return composed(row, sender=sender, recipient=owner, at=at), sender, owner


def columns_of(letter: LetterCard) -> dict[str, object]:
    """Return the words and names of a composed letter as they are stored."""
    same = (
        "verb",
        "level",
        "ground",
        "sender_title",
        "sender_name",
        "recipient_title",
        "recipient_name",
        "recipient_is_candidate",
        "recipient_at",
        "city",
        "drafted_at",
    )
    return {**{name: getattr(letter, name) for name in same}, **asdict(letter.draft)}


def _values(
    row: Action,
    verb: str,
    level: int,
    ground: str,
    sender: InstitutionCard,
    recipient: InstitutionCard,
    at: datetime,
) -> dict[str, str]:
    """Return what stands for the placeholders of a pattern."""
    patterns = letter_patterns()
    today = today_at(PlaceCode(row.place_id), at)
    measured = promised_date(row.due_date, row.first_due_date)
    late = days_overdue(measured, state=ActionState(row.state), today=today)
    due = long_date(measured if late else row.due_date)
    asked = clause(row.text)
    act = act_of(row.alert_code, row.alert_params) if row.alert_code else None
    directs = recipient.family == sender.family and recipient.level > sender.level
    reminder = _sent(row, Verb.REMINDER.value)
    facts = facts_of(row, at=at)
    return {
        "about": about(deed(asked)),
        "act": by_day(asked, due),
        "fact": " ".join(facts),
        "considering": "".join(f"{_within(fact)}; bahwa " for fact in facts),
        "deed": deed(asked),
        "task": deed(asked).removeprefix(OWN_WORDS),
        "due": due,
        "check": _check_text(row),
        "evidence": row.evidence_asked,
        "help": act.help if act else "",
        "origin": _origin(row, verb, sender, at),
        "power": patterns.powers.get(sender.kind, "") if directs else "",
        "ground": ground,
        "level": LEVELS.get(level, ""),
        "reminder": _cited("surat pengingat", reminder) if reminder else "",
        "days": str(late) if late else "",
        "waiting": "" if late else deed(asked),
        "respect": RESPECT if recipient.family in DECIDES_FOR_ITSELF else "",
    }


def _within(sentence: str) -> str:
    """Return a sentence as a clause of a consideration, which has no full stop."""
    return sentence[0].lower() + sentence[1:].removesuffix(".")


def _sent(row: Action, *verbs: str) -> Letter | None:
    """Return the newest letter of an action that was sent, of one of `verbs` if they are named."""
    if row.pk is None:
        return None
    rows = Letter.objects.filter(action=row, state=LetterState.SENT.value)
    if verbs:
        rows = rows.filter(verb__in=verbs)
    return rows.order_by("-letter_date", "-pk").first()


def _cited(name: str, letter: Letter) -> str:
    day = long_date(letter.letter_date) if letter.letter_date else ""
    return f"{name} Nomor {letter.number} tanggal {day}"


def _check_text(row: Action) -> str:
    if row.outcome and row.outcome.check_meeting:
        meeting = row.outcome.check_meeting
        day = today_at(PlaceCode(meeting.place_id), meeting.starts_at)
        return f"rapat tanggal {long_date(day)}"
    return f"tanggal {long_date(row.check_date)}" if row.check_date else ""


def _origin(row: Action, verb: str, sender: InstitutionCard, at: datetime) -> str:
    """Return on what a letter rests, in the words of a letter."""
    earlier = _sent(row) if verb in (Verb.REMINDER, Verb.REPRIMAND) else None
    if earlier:
        return _cited("surat kami", earlier)
    if row.outcome:
        meeting = row.outcome.meeting
        day = today_at(PlaceCode(meeting.place_id), meeting.starts_at)
        return f"hasil {meeting.theme} tanggal {long_date(day)}"
    if row.guidance:
        return f"hasil kunjungan pembinaan tanggal {long_date(row.guidance.visit_date)}"
    day = today_at(PlaceCode(row.place_id), row.asked_at or at)
    known = places.places([sender.place]).get(sender.place)
    where = known.full_name if known else ""
    return f"hasil pemantauan Desk Pilkada {where} tanggal {long_date(day)}"


def long_date(day: date) -> str:
    """Return a day as letters write it, `27 November 2024`; letters are always Indonesian."""
    return str(format_date(day, "d MMMM y", locale="id"))
