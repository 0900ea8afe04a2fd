"""What a phone may answer: each of the kind's questions by its kind, none of another."""

from collections.abc import Iterator, Mapping
from datetime import time

from serentak.kernel.refused import Fault

from .catalogue import LONGEST_TEXT, MOST, Answer, Field, FieldKind, Incidents, Kind

YES_NO = ("YES", "NO")


def faults_of(kind: Kind, answers: Mapping[str, Answer], known: Incidents) -> Iterator[Fault]:
    """Yield what is wrong with answers; what is left open is no fault."""
    for name, given in answers.items():
        if name not in kind.ask:
            yield Fault("security.question_is_not_asked", name)
        elif code := _fault(known.fields[name], given):
            yield Fault(code, name, {"most": MOST if code.endswith("number") else LONGEST_TEXT})


def _fault(field: Field, given: Answer) -> str:
    match field.kind:
        case FieldKind.NUMBER:
            is_number = isinstance(given, int) and not isinstance(given, bool)
            holds = is_number and 0 <= int(given) <= MOST
            return "" if holds else "security.answer_is_no_number"
        case FieldKind.CHOICE:
            holds = isinstance(given, str) and given in (field.choices or {})
            return "" if holds else "security.answer_is_none_of_these"
        case FieldKind.YES_NO:
            return "" if isinstance(given, bool) else "security.answer_is_none_of_these"
        case FieldKind.TIME:
            return "" if _is_hour(given) else "security.answer_is_no_hour"
        case FieldKind.TEXT:
            holds = isinstance(given, str) and len(given) <= LONGEST_TEXT
            return "" if holds else "security.text_is_too_long"


def _is_hour(given: Answer) -> bool:
    try:
        return isinstance(given, str) and bool(time.fromisoformat(given) or True)
    except ValueError:
        return False


def parted(
    answers: Mapping[str, Answer], known: Incidents
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Return what may stand in the open, and what was written freely."""
    free = {
        name: str(given)
        for name, given in answers.items()
        if known.fields[name].kind is FieldKind.TEXT
    }
    return {name: given for name, given in answers.items() if name not in free}, free
