"""Builders of the slice's tests: stations to check, and checks of them."""

from datetime import date
from uuid import uuid4

from serentak.elections import actions as elections
from serentak.elections.public import StationRow
from serentak.facilities import actions
from serentak.facilities.actions import Answered
from serentak.facilities.models import Defect, Standing
from serentak.facilities.queries.catalogues import checklists
from serentak.facilities.rules.checklists import YES, Answer, AnswerType
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from tests.cast import AT, PROVINCE

STATIONS = {
    "16.02.05.1001.001": (250, 260),
    "16.02.05.2010.001": (199, 200),
    "16.02.14.2001.001": (280, 275),
    "16.02.14.2001.002": (200, 200),
    "16.02.14.2002.001": (150, 149),
    "16.07.02.2001.001": (200, 210),
}
"""Listed voters, male and female, of the stations of the tests."""

FIRST = PlaceCode("16.02.14.2001.001")
SECOND = PlaceCode("16.02.14.2001.002")


def set_up_stations() -> None:
    """Make the election and its stations."""
    elections.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    elections.import_stations(
        rows=[StationRow(PlaceCode(code), *counts) for code, counts in STATIONS.items()],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SOURCED,
        actor=SYSTEM,
        at=AT,
    )


def fine(key: str, **but: Answer) -> dict[str, Answer]:
    """Return answers that pass everywhere, but for some."""
    found: dict[str, Answer] = {}
    for question in checklists().checklists[key].questions.values():
        match question.type:
            case AnswerType.YES_NO:
                found[question.key] = YES
            case AnswerType.CHOICE:
                found[question.key] = next(iter(question.options))
            case AnswerType.TEXT:
                found[question.key] = "Rumah ketua RT, dijaga Linmas"
            case AnswerType.NUMBER:
                most = {"area": 100, "help": 20, "signal": 0}
                found[question.key] = most.get(question.key, min(100, _most(question.unit)))
    return {**found, **but}


def _most(unit: str | None) -> int:
    return checklists().units[unit or ""].most


def check(key: str, *places: str, **more: object) -> int:
    """Check places, all fine but for `but`."""
    but: dict[str, Answer] = more.pop("but", {})  # type: ignore[assignment]
    rows = [Answered(PlaceCode(place), fine(key, **but)) for place in places]
    given: dict[str, object] = {"client_key": uuid4(), "rows": rows, "actor": SYSTEM, "at": AT}
    return actions.record_checks(checklist=key, **given | more)  # type: ignore[arg-type]


def standing(place: str, key: str = "venue") -> Standing:
    """Return what checks make of a place."""
    return Standing.objects.get(place=place, checklist=key)


def the_defect(**where: object) -> Defect:
    """Return the one defect that fits."""
    return Defect.objects.get(**where)
