"""The days of the demonstration, each with the story that led to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Any

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import As, Countdown, Key, Text, raise_faults, read
from serentak.kernel.viewer import SYSTEM

from .reports import Course, Turn


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision of the story about an activity at places: a target, a move, a drop.

    `target` is a day after the vote, None where the deed is a drop; `day` the one it was done on,
    None for what the meeting agreed.
    """

    activity: str
    places: tuple[PlaceCode, ...] = ()
    target: Countdown | None = None
    day: Countdown | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that agreed the targets of everything before the vote, but for `left_open`."""

    name: str
    date: date
    left_open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """Figures that disagree, given to an institution on `day` to answer by `due` (from the vote).

    With a `value` it was decided: the figure of that value is in use, for the `reason`.
    """

    place: PlaceCode
    measure: str
    kind: str
    owner: str
    day: Countdown
    due: Countdown
    value: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Daily:
    """How desks closed the day before: who was silent or late, what went back, what is public.

    `late` says by how many minutes after 17:00. `public` names sentences by their keys; those that
    a report does not have are passed over.
    """

    silent: frozenset[PlaceCode] = frozenset()
    late: Mapping[PlaceCode, int] = field(default_factory=dict)
    returned: Mapping[PlaceCode, str] = field(default_factory=dict)
    public: tuple[str, ...] = ()
    receipt: str = ""


def _turn(raw: object) -> Turn:
    """Read whom a turn concerns, and of the course what it sets."""
    given = read(dict[str, Any], raw)
    whom = {name: given[name] for name in ("places", "aspects", "activities") if name in given}
    course = {name: value for name, value in given.items() if name not in whom}
    sets = {name: getattr(read(Course, course), name) for name in course}
    return replace(read(Turn, whom), sets=sets)


@dataclass(frozen=True, slots=True)
class Scene:
    """One day of the demonstration, with the story that led to it.

    Institutions and roles are there since `began_on`, ballots since `pairs_on`, stations since
    `voters_on`, counted by the invented `voters_source`.
    """

    key: Key
    province: PlaceCode
    began_on: date
    pairs_on: date
    voters_on: date
    voters_source: str
    title: Text
    tells: Text
    at: datetime
    meeting: Meeting
    goes_on_from: str = ""
    proposed: tuple[Deed, ...] = ()
    moved: tuple[Deed, ...] = ()
    dropped: tuple[Deed, ...] = ()
    questions: tuple[Question, ...] = ()
    turns: tuple[Annotated[Turn, As(_turn)], ...] = ()
    daily: Daily = field(default_factory=Daily)

    def __post_init__(self) -> None:
        faults = []
        for name in ("proposed", "moved", "dropped"):
            for deed in getattr(self, name):
                if name != "proposed" and not (deed.reason and deed.day is not None):
                    faults.append(f"{name} {deed.activity} needs a reason and a day")
                if (deed.target is None) != (name == "dropped"):
                    faults.append(f"{name} {deed.activity}: only a drop has no target")
        raise_faults(faults)


@dataclass(frozen=True, slots=True)
class _Scenes:
    """What the file says of all scenes, and each as it stands there."""

    province: PlaceCode
    began_on: date
    pairs_on: date
    voters_on: date
    voters_source: str
    scenes: tuple[Mapping[str, Any], ...]


TOLD_ON = ("proposed", "moved", "dropped", "questions", "turns")


def parse_scenes(data: object) -> Mapping[str, Scene]:
    """Read `scenes.yaml`; ValueError with one fault a line.

    A scene that `goes_on_from` one above it has all its deeds, questions and turns before its own,
    and its meeting and evening unless it has others.
    """
    file = asdict(read(_Scenes, data))
    told: list[dict[str, Any]] = []
    for own in file.pop("scenes"):
        before = next((one for one in told if one["key"] == own.get("goes_on_from")), {})
        if own.get("goes_on_from") and not before:
            scene = f"scenes: {own['key']}"
            raise ValueError(f"{scene}: goes on from {own['goes_on_from']}, no scene above it")
        longer = {name: [*before.get(name, ()), *own.get(name, ())] for name in TOLD_ON}
        told.append(file | before | own | longer)
    return read(dict[str, Scene], {"scenes": told}, at="scenes")


def by_system(at: datetime) -> dict[str, Any]:
    """Return what a deed of nobody in particular says: that it is invented, whose it is, when."""
    return {"figure_class": FigureClass.SYNTHETIC, "actor": SYSTEM, "at": at}
