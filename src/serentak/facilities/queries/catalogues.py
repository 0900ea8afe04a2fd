"""The catalogue of checklists, and how its parts are called."""

from datetime import date

from django.utils.translation import gettext

from serentak.elections import public as elections
from serentak.facilities.rules.checklists import (
    NOT_APPLICABLE,
    Answer,
    AnswerType,
    Checklist,
    Checklists,
    Question,
)
from serentak.facilities.words import YES_NO
from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import days_after_vote
from serentak.platform import catalogue
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number

SLICE = "facilities"


def checklists() -> Checklists:
    """Return the catalogue of checklists."""
    return catalogue.load(SLICE, "checklists", Checklists)


def checklist(key: str) -> Checklist | None:
    """Return a checklist, None where the catalogue has none of that key."""
    return checklists().checklists.get(key)


def checklist_text(key: str) -> str:
    """Return a checklist's name in the reader's language; the key of one that is gone."""
    found = checklist(key)
    return said(found.name) if found else key


def question_of(checklist_key: str, key: str) -> Question | None:
    """Return a question, None where the catalogue has it no more."""
    found = checklist(checklist_key)
    return found.questions.get(key) if found else None


def question_text(checklist_key: str, key: str) -> str:
    """Return a question's short name."""
    found = question_of(checklist_key, key)
    return said(found.name) if found else key


def answer_text(question: Question | None, answer: Answer | None) -> str:
    """Return an answer as people say it; nothing where there is none."""
    if answer is None:
        return ""
    if answer == NOT_APPLICABLE:
        return gettext("does not apply")
    if question is None:
        return str(answer)
    match question.type:
        case AnswerType.YES_NO:
            return str(YES_NO.get(str(answer), answer))
        case AnswerType.CHOICE:
            option = question.options.get(str(answer))
            return said(option) if option else str(answer)
        case AnswerType.NUMBER if isinstance(answer, int) and question.unit:
            return f"{number(answer)} {said(checklists().units[question.unit].name)}"
    return str(answer)


def vote_date_of(place: PlaceCode) -> date | None:
    """Return the day of the vote at a place, None where no election is set up; one query."""
    election = elections.current_election(place)
    return election.vote_date if election else None


def countdown_of(place: PlaceCode, today: date) -> int | None:
    """Return how many days after the vote `today` is; one query."""
    vote_date = vote_date_of(place)
    return days_after_vote(today, vote_date=vote_date) if vote_date else None
