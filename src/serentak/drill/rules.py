"""How an invented story becomes reports: pure, and for one seed always the same.

A story is a list of turns. A turn names places, aspects or activities and says how their work
goes; where several fit, the later one wins, field by field. Days count from the vote (`-30` is
H-30).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from serentak.kernel.codes import PlaceCode, is_within, parse_code
from serentak.kernel.countdown import parse_countdown
from serentak.kernel.texts import Text, parse_text, raise_faults

# --- the story


@dataclass(frozen=True, slots=True)
class Course:
    """How the work on one line goes.

    It ends `ends` days after its target (negative: before), give or take `spread`, takes `takes`
    times the likely duration, and stops for good at the share `stops_at`. The last report lies at
    least `unheard` days before the scene; `note` goes with it.
    """

    ends: int = 0
    spread: int = 0
    takes: float = 1.0
    stops_at: float = 1.0
    unheard: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the story: whom it concerns (empty: all) and what of the course it sets."""

    places: tuple[PlaceCode, ...] = ()
    aspects: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    sets: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, line: Line) -> bool:
        """Tell whether the turn is about a line."""
        return (
            (not self.places or any(is_within(line.place, above) for above in self.places))
            and (not self.aspects or line.aspect in self.aspects)
            and (not self.activities or line.activity in self.activities)
        )


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision of the story about an activity at places: a target, a move, a drop.

    `target` is a day after the vote, None where the deed is a drop; `day` the one it was done on,
    None for what the meeting agreed.
    """

    places: tuple[PlaceCode, ...]
    activity: str
    target: int | None = None
    day: int | None = None
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
    day: int
    due: int
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


@dataclass(frozen=True, slots=True)
class Scene:
    """One day of the demonstration, with the story that led to it.

    Institutions and roles are there since `began_on`, ballots since `pairs_on`, stations since
    `voters_on`.
    """

    key: str
    province: PlaceCode
    began_on: date
    pairs_on: date
    voters_on: date
    title: Text
    tells: Text
    at: datetime
    meeting: Meeting
    proposed: tuple[Deed, ...]
    moved: tuple[Deed, ...]
    dropped: tuple[Deed, ...]
    questions: tuple[Question, ...]
    turns: tuple[Turn, ...]
    daily: Daily


# --- who stays out of the race, and who does not


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """What happens to a case on a day: an event of its course, or what came of the reply."""

    day: int
    event: str = ""
    reply: str = ""
    sanction: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class CaseStory:
    """An invented case: of whom, where, what, and how it goes on; days count from the vote."""

    reference: str
    place: PlaceCode
    kind: str
    violation: str
    deed: int
    received: int
    by: str
    at: str
    person: str
    post: str
    then: tuple[CaseTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular; agencies of the kinds `silent` do not acknowledge it."""

    place: PlaceCode
    number: str
    title: str
    day: int
    due: int
    silent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Replaced:
    """An official who was replaced."""

    place: PlaceCode
    kind: str
    post: str
    decree: str
    day: int
    consent: str = ""


@dataclass(frozen=True, slots=True)
class NotOpen:
    """A service that is reduced or closed on the scene's morning."""

    place: PlaceCode
    kind: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class StayingOut:
    """The story of neutrality; see `catalogue/neutrality.yaml`."""

    circulars: tuple[Circular, ...]
    pledges_day: int
    pledges_source: str
    usual_share: float
    shares: Mapping[PlaceCode, float]
    without_pledges: frozenset[PlaceCode]
    silent: frozenset[PlaceCode]
    not_open: tuple[NotOpen, ...]
    replacements: tuple[Replaced, ...]
    cases: tuple[CaseStory, ...]


def pledged(place: PlaceCode, kind: str, share: float, *, seed: str) -> tuple[int, int]:
    """Return an agency's staff and how many of them have signed, about the share named."""
    staff = 30 + int(chance(seed, "staff", place, kind) * 270)
    luck = 1 - share if share >= 1 else (chance(seed, "signed", place, kind) - 0.5) * 0.06
    return staff, max(0, min(staff, round(staff * (share + luck))))


def parse_staying_out(data: Any) -> StayingOut:
    """Read `neutrality.yaml`."""
    pledges, services = data["pledges"], data["services"]
    return StayingOut(
        circulars=tuple(
            Circular(**_days(item, "day", "due") | {"silent": frozenset(item["silent"])})
            for item in data["circulars"]
        ),
        pledges_day=parse_countdown(pledges["day"]),
        pledges_source=str(pledges["source"]),
        usual_share=float(pledges["usual"]),
        shares={parse_code(code): float(share) for code, share in pledges["shares"].items()},
        without_pledges=frozenset(map(parse_code, pledges["silent"])),
        silent=frozenset(map(parse_code, services["silent"])),
        not_open=tuple(NotOpen(**_days(item)) for item in services["not_open"]),
        replacements=tuple(Replaced(**_days(item, "day")) for item in data["replacements"]),
        cases=tuple(
            CaseStory(
                **_days(item, "deed", "received")
                | {"then": tuple(CaseTurn(**(turn | {"day": parse_countdown(turn["day"])}))
                                 for turn in item["then"])}
            )
            for item in data["cases"]
        ),
    )  # fmt: skip


def _days(raw: Mapping[str, Any], *names: str) -> dict[str, Any]:
    days = {name: parse_countdown(raw[name]) for name in names}
    return dict(raw) | days | {"place": parse_code(str(raw["place"]))}


# --- from the meeting to the deed


@dataclass(frozen=True, slots=True)
class Seat:
    """An institution by its kind and place."""

    kind: str
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class LetterStory:
    """A letter that was drafted on a day; with a number it was sent."""

    day: int
    verb: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ActionTurn:
    """What who answers, or who asked, does on a day: acknowledge, start, complete, verify."""

    day: int
    step: str
    note: str = ""


STEPS = ("acknowledge", "start", "complete", "verify")


@dataclass(frozen=True, slots=True)
class Asked:
    """An outcome, with what became of it; without an owner it is information."""

    key: str
    kind: str
    text: str
    owner: Seat | None = None
    due: int = 0
    check: int = 0
    evidence: str = ""
    person: str = ""
    letters: tuple[LetterStory, ...] = ()
    then: tuple[ActionTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting: planned on a day, held on another if the scene is later."""

    key: str
    theme: str
    planned: int
    day: int
    venue: str
    chair: str
    agenda: tuple[str, ...]
    absent: frozenset[PlaceCode]
    represented: Mapping[str, str]
    outcomes: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit of guidance to the regent or mayor who answers for what follows."""

    day: int
    team: str
    findings: str
    advice: str
    then: Asked


@dataclass(frozen=True, slots=True)
class Coordinated:
    """The story of coordination; see `catalogue/coordination.yaml`."""

    host: Seat
    invited: tuple[str, ...]
    meetings: tuple[Held, ...]
    visits: tuple[Visited, ...]


def parse_coordinated(data: Any) -> Coordinated:
    """Read `coordination.yaml`; ValueError with one fault a line."""
    faults: list[str] = []
    meetings = tuple(
        Held(
            **(
                dict(item)
                | {name: parse_countdown(item[name]) for name in ("planned", "day")}
                | {
                    "agenda": tuple(item["agenda"]),
                    "absent": frozenset(map(parse_code, item.get("absent", ()))),
                    "represented": dict(item.get("represented", {})),
                    "outcomes": tuple(_asked(o, faults) for o in item.get("outcomes", ())),
                }
            )
        )
        for item in data["meetings"]
    )
    visits = tuple(
        Visited(
            **(
                dict(item)
                | {"day": parse_countdown(item["day"]), "then": _asked(item["then"], faults)}
            )
        )
        for item in data["visits"]
    )
    raise_faults(faults)
    return Coordinated(_seat(data["host"]), tuple(data["invited"]), meetings, visits)


def _asked(raw: Mapping[str, Any], faults: list[str]) -> Asked:
    days = {name: parse_countdown(raw[name]) for name in ("due", "check") if name in raw}
    asked = Asked(
        **(
            dict(raw)
            | days
            | {
                "owner": _seat(raw["owner"]) if "owner" in raw else None,
                "letters": tuple(
                    LetterStory(**(dict(letter) | {"day": parse_countdown(letter["day"])}))
                    for letter in raw.get("letters", ())
                ),
                "then": tuple(
                    ActionTurn(**(dict(turn) | {"day": parse_countdown(turn["day"])}))
                    for turn in raw.get("then", ())
                ),
            }
        )
    )
    if (asked.owner is None) != (asked.kind == "INFORMATION"):
        faults.append(f"{asked.key}: all but information needs who answers")
    if asked.owner is not None and not {"due", "check"} <= set(days):
        faults.append(f"{asked.key}: needs a due day and a check")
    faults += [f"{asked.key}: {t.step} is no step" for t in asked.then if t.step not in STEPS]
    return asked


def _seat(raw: Any) -> Seat:
    kind, place = raw
    return Seat(kind, parse_code(place))


# --- from the story to reports


@dataclass(frozen=True, slots=True)
class Line:
    """What is reported on: an activity at a place, or its part in one district.

    `target` is a quantity, `target_day` a day after the vote, `likely` and `every` are days.
    """

    activity: str
    aspect: str
    place: PlaceCode
    target: int
    target_day: int
    likely: int
    every: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One report: the quantity done in all by the end of a day."""

    day: int
    done: int
    note: str = ""


RECENT_DAYS = 14
"""Reports of so many days before the scene are all there; of older ones a few suffice."""

OLDER_REPORTS = 2


def chance(*key: object) -> float:
    """Return a number from 0 to below 1 that depends on `key` alone, on every machine."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def course_of(line: Line, turns: Iterable[Turn], *, seed: str) -> Course:
    """Return how the work on a line goes, with its own give and take.

    Work whose date the law fixes does not end before it.
    """
    course = Course()
    for turn in turns:
        if turn.concerns(line):
            course = replace(course, **turn.sets)
    luck = round((2 * chance(seed, line.place, line.activity) - 1) * course.spread)
    ends = course.ends + luck
    return replace(course, ends=max(0, ends) if line.fixed else ends, spread=0)


def done_by(line: Line, course: Course, day: int) -> int:
    """Return the quantity done by the end of a day: never falling, never above the target.

    Much is done at first and the rest slowly, as people know it.
    """
    end = line.target_day + course.ends
    days = max(1, round(line.likely * course.takes))
    left = min(1.0, max(0.0, (end - day) / days))
    return int(line.target * min(1 - left * left, course.stops_at))


def reports_of(line: Line, course: Course, *, today: int, seed: str) -> list[Told]:
    """Return the reports of a line that were made before the scene of `today`, oldest first.

    They begin when the work should have begun or does, come on the days on which the place writes
    about work with this interval, and end with the first that can say that all is done.
    """
    end = line.target_day + course.ends
    begin = min(line.target_day - line.likely, end - round(line.likely * course.takes)) + 1
    offset = int(chance(seed, "day", line.place) * 21)
    days = [
        day
        for day in range(begin, today - course.unheard + 1)
        if (day - offset) % line.every == 0 and (course.stops_at < 1 or day - line.every < end)
    ]
    recent = [day for day in days if day > today - RECENT_DAYS]
    older = days[: len(days) - len(recent)]
    step = -(-len(older) // OLDER_REPORTS) or 1
    kept = [*reversed(older[::-1][::step]), *recent]
    told = [Told(day, done_by(line, course, day)) for day in kept]
    return [*told[:-1], replace(told[-1], note=course.note)] if told else []


# --- people of the story


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as: a role in the institution of a kind at a place."""

    username: str
    full_name: str
    role: str
    kind: str
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a race's ballot looks like: how many pairs, and the blank column's number if any.

    `holders` names the holders of office who run, by ballot number, with the letter under which
    the catalogue of institutions knows them.
    """

    pairs: int
    blank: int | None
    holders: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate pair; both names are empty for the blank column."""

    ballot_number: int
    head_name: str
    deputy_name: str


@dataclass(frozen=True, slots=True)
class People:
    """The accounts, the races, and the common names from which people are invented."""

    password: str
    accounts: tuple[Account, ...]
    ballots: Mapping[PlaceCode, Ballot]
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


HOLDER_LETTERS = "abcd"
"""At most so many persons held one office in the catalogue of institutions."""


@dataclass(frozen=True, slots=True)
class Invented:
    """Everybody whose name is invented: holders by place and letter, ballots by place."""

    holders: Mapping[tuple[PlaceCode, str], str]
    ballots: Mapping[PlaceCode, tuple[Pair, ...]]


def invented(people: People) -> Invented:
    """Return the holders of office and the candidate pairs, no two persons of the same name."""
    taken = {account.full_name for account in people.accounts}

    def name(*key: object) -> str:
        for attempt in range(1000):
            given = people.women if chance(*key, attempt, "sex") < 0.4 else people.men
            first, last = (
                choices[int(chance(*key, attempt, part) * len(choices))]
                for part, choices in (("first", given), ("last", people.last))
            )
            if f"{first} {last}" not in taken:
                break
        taken.add(f"{first} {last}")
        return f"{first} {last}"

    holders = {
        (p, letter): name("holder", p, letter) for p in people.ballots for letter in HOLDER_LETTERS
    }
    ballots = {}
    for place, ballot in people.ballots.items():
        pairs = []
        for number in range(1, ballot.pairs + (ballot.blank is not None) + 1):
            if number == ballot.blank:
                pairs.append(Pair(number, "", ""))
                continue
            runs = ballot.holders.get(number)
            head = holders[place, runs] if runs else name("head", place, number)
            pairs.append(Pair(number, head, name("deputy", place, number)))
        ballots[place] = tuple(pairs)
    return Invented(holders, ballots)


# --- the catalogue in


def parse_scenes(data: Any) -> Mapping[str, Scene]:
    """Read `scenes.yaml`; ValueError with one fault a line.

    A scene that `goes_on_from` an earlier one of the file has all its deeds and turns before its
    own.
    """
    faults: list[str] = []
    scenes: dict[str, Scene] = {}
    for raw in data["scenes"]:
        key = str(raw["key"])
        before = scenes.get(raw.get("goes_on_from", ""))
        if raw.get("goes_on_from") and before is None:
            faults.append(f"{key}: goes on from {raw['goes_on_from']}, which is no scene above it")
        meeting = raw.get("meeting")
        if not meeting and before is None:
            faults.append(f"{key}: no meeting has agreed the targets")
            continue
        scenes[key] = Scene(
            key=key,
            province=parse_code(str(data["province"])),
            began_on=data["began_on"],
            pairs_on=data["pairs_on"],
            voters_on=data["voters_on"],
            title=parse_text(raw["title"], key, faults),
            tells=parse_text(raw["tells"], key, faults),
            at=_moment(raw["at"], key, faults),
            meeting=_meeting(meeting) if meeting else before.meeting,  # type: ignore[union-attr]
            proposed=_deeds(raw, before, "proposed", key, faults),
            moved=_deeds(raw, before, "moved", key, faults),
            dropped=_deeds(raw, before, "dropped", key, faults),
            questions=(before.questions if before else ())
            + tuple(_question(item) for item in raw.get("questions", ())),
            turns=(before.turns if before else ())
            + tuple(_turn(item, key, faults) for item in raw.get("turns", ())),
            daily=_daily(raw["daily"]) if "daily" in raw else before.daily if before else Daily(),
        )
    raise_faults(faults)
    return scenes


def _daily(raw: Mapping[str, Any]) -> Daily:
    return Daily(
        silent=frozenset(parse_code(code) for code in raw.get("silent", ())),
        late={parse_code(code): int(minutes) for code, minutes in raw.get("late", {}).items()},
        returned={parse_code(code): str(why) for code, why in raw.get("returned", {}).items()},
        public=tuple(raw.get("public", ())),
        receipt=str(raw.get("receipt", "")),
    )


def parse_people(data: Any) -> People:
    """Read `people.yaml`; ValueError with one fault a line."""
    accounts = tuple(
        Account(place=parse_code(str(raw.pop("place"))), **raw)
        for raw in map(dict, data["accounts"])
    )
    usernames = [account.username for account in accounts]
    faults = [f"{name} stands twice" for name in set(usernames) if usernames.count(name) > 1]
    ballots = {}
    for code, raw in data["contests"].items():
        ballot = Ballot(raw["pairs"], raw.get("blank"), raw.get("holders", {}))
        numbers = range(1, ballot.pairs + (ballot.blank is not None) + 1)
        if ballot.blank is not None and (ballot.pairs != 1 or ballot.blank not in numbers):
            faults.append(f"{code}: only a single pair runs against a blank column")
        if any(number not in numbers or number == ballot.blank for number in ballot.holders):
            faults.append(f"{code}: a holder runs on a number that no pair has")
        ballots[parse_code(str(code))] = ballot
    raise_faults(faults)
    names = data["names"]
    return People(
        password=str(data["password"]),
        accounts=accounts,
        ballots=ballots,
        women=tuple(names["women"]),
        men=tuple(names["men"]),
        last=tuple(names["last"]),
    )


_COURSE_FIELDS = {f.name for f in fields(Course)}
_WHOM = {"places", "aspects", "activities"}


def _turn(raw: Mapping[str, Any], key: str, faults: list[str]) -> Turn:
    sets = {name: value for name, value in raw.items() if name not in _WHOM}
    if unknown := sorted(set(sets) - _COURSE_FIELDS):
        faults.append(f"{key}: a turn has no {', '.join(unknown)}")
        return Turn()
    if not 0 <= sets.get("stops_at", 1) <= 1 or sets.get("takes", 1) <= 0:
        faults.append(f"{key}: a share lies between 0 and 1, and work takes time")
    return Turn(
        places=_places(raw),
        aspects=frozenset(raw.get("aspects", ())),
        activities=frozenset(raw.get("activities", ())),
        sets=sets,
    )


def _deeds(
    raw: Mapping[str, Any], before: Scene | None, name: str, key: str, faults: list[str]
) -> tuple[Deed, ...]:
    deeds: list[Deed] = list(getattr(before, name)) if before else []
    for item in raw.get(name, ()):
        deed = Deed(
            places=_places(item),
            activity=str(item["activity"]),
            target=parse_countdown(item["target"]) if "target" in item else None,
            day=parse_countdown(item["day"]) if "day" in item else None,
            reason=str(item.get("reason", "")),
        )
        if name != "proposed" and not (deed.reason and deed.day is not None):
            faults.append(f"{key}: {name} {deed.activity} needs a reason and a day")
        if (deed.target is None) != (name == "dropped"):
            faults.append(f"{key}: {name} {deed.activity}: only a drop has no target")
        deeds.append(deed)
    return tuple(deeds)


def _meeting(raw: Mapping[str, Any]) -> Meeting:
    return Meeting(str(raw["name"]), raw["date"], frozenset(raw.get("left_open", ())))


def _question(raw: Mapping[str, Any]) -> Question:
    days = {name: parse_countdown(raw[name]) for name in ("day", "due")}
    return Question(**(dict(raw) | days | {"place": parse_code(str(raw["place"]))}))


def _places(raw: Mapping[str, Any]) -> tuple[PlaceCode, ...]:
    return tuple(parse_code(str(code)) for code in raw.get("places", ()))


def _moment(value: object, key: str, faults: list[str]) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        faults.append(f"{key}: the moment needs its zone, like 2024-10-28T09:30+07:00")
    return moment
