"""Whatever is shown by a code has words: alerts, figures, notifications, events, states."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum, StrEnum
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from django.utils.functional import Promise

from serentak.coordination.rules import promises
from serentak.coordination.rules.escalation import Climb, When
from serentak.coordination.rules.promises import Standing
from serentak.coordination.rules.states import ActionEvent
from serentak.neutrality.rules import standing as neutrality
from serentak.platform.audit import HARMLESS, Code, Event, event_name
from serentak.platform.words import NoWords, collected, word
from serentak.readiness.queries import moves
from serentak.readiness.rules import rolling_up
from serentak.readiness.rules.priority import Reason
from serentak.security.rules import standing as security

from .code import row_of, sources
from .test_events import events

SHOWN: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "Alert": (
        ("ALERTS", 0, "code"),
        ("TOPICS", 0, "code"),
        ("ALERTS", 7, "so"),
        ("ALERTS", 8, "helps"),
    ),
    "Figure": (("FIGURES", 0, "code"),),
    "Why": (("WHYS", 0, "code"),),
    "Briefing": (("WHYS", 7, "leaves_out"),),
    "Notice": (("NOTIFICATIONS", 2, "code"),),
    "Refused": (("REFUSALS", 0, "code"),),
    "Conflict": (("REFUSALS", 0, "code"),),
    "Problem": (("REFUSALS", 2, "code"),),
}
"""By what is called: which argument is a code of which kind of words."""

FROM_RULES = frozenset({"REFUSALS"})
"""Kinds whose codes rules hand on as well; tests of the slices see to those."""

ORIGINS: Mapping[str, Iterable[str]] = {
    "priority.reason.value": [
        reason.value
        for reason in (
            Reason.OVERDUE,
            Reason.DEADLINE_OUT_OF_REACH,
            Reason.TARGET_OUT_OF_REACH,
            Reason.NO_SLACK,
            Reason.DUE_SOON,
        )
    ],
    "card.standing.value": [
        standing.value
        for standing in (
            Standing.OVERDUE,
            Standing.UNACKNOWLEDGED,
            Standing.REFUSED,
            Standing.UNVERIFIED,
            Standing.TO_VERIFY,
        )
    ],
    "ground.value": [ground.value for ground in promises.Ground],
    "found.ground.value": [ground.value for ground in neutrality.Ground],
    "found.decides.value": [one.value for one in security.Decides],
    "what": ["PLACES", "WORK"],
    "readiness/queries/board.py ground.value": [ground.value for ground in rolling_up.Ground],
    "_CODES.get(change.kind)": moves.MOVES,
    "furthest(card.climbed_to, policy())": [climb.value for climb in Climb],
    "Climb.TELL_OWNER.value": [Climb.TELL_OWNER.value],
    "step.when.value": [when.value for when in When],
    "does.value": [climb.value for climb in Climb if climb is not Climb.TELL_SENDER],
    "event.value": [event.value for event in ActionEvent],
    "posting/public.py one.code": [
        "posting.regency_is_short",
        "posting.plan_is_not_adopted",
        "posting.plan_is_outdated",
        "posting.highly_vulnerable_are_uncovered",
        "posting.reserve_cannot_reach",
        "posting.reserve_is_too_small",
    ],
    "distribution/public.py one.code": [
        "distribution.last_departure_is_missed",
        "distribution.planned_way_is_blocked",
        "distribution.stops_are_in_no_plan",
    ],
    "neutrality/actions/cases.py code": [
        "clock_ran_out",
        "case_went_up",
        "case_goes_to_minister",
        "case_may_be_blocked",
    ],
}
"""What comes out of an expression whose values the code does not spell out."""

READ_BACK = frozenset(
    {"said['code']", "row.alert_code", "briefing.leaves_out", "params.get('leaves_out')"}
)
"""What was signed, stored or given by the house itself is read back."""


class Module:
    """Finds which codes a module gives to what shows them."""

    def __init__(self, tree: ast.Module, path: str = "") -> None:
        self.tree = tree
        self.path = path
        self.functions: dict[str, ast.FunctionDef] = {}
        self.unclear: list[str] = []
        self.calls = list(self._calls(tree, None))
        self.codes = list(self._codes())

    def _codes(self) -> Iterator[tuple[str, str]]:
        """Yield the kind of words and the code."""
        for inside, call in self.calls:
            name = _name_of(call)
            for kind, position, keyword in SHOWN.get(name, ()):
                given = _argument(call, position, keyword)
                unclear = len(self.unclear)
                for code in self._values(given, inside) if given else ():
                    if code:
                        yield kind, code
                if kind in FROM_RULES:
                    del self.unclear[unclear:]

    def _calls(
        self, node: ast.AST, inside: ast.FunctionDef | None
    ) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                self.functions[child.name] = child
                yield from self._calls(child, child)
                continue
            if isinstance(child, ast.Call):
                yield inside, child
            yield from self._calls(child, inside)

    def _values(self, node: ast.expr, inside: ast.FunctionDef | None) -> set[str]:
        """Return what an expression may be; what cannot be read is noted."""
        text = ast.unparse(node)
        if text in READ_BACK:
            return set()
        if (origin := ORIGINS.get(f"{self.path} {text}", ORIGINS.get(text))) is not None:
            return set(origin)
        match node:
            case ast.Constant(value=str(value)):
                return {value}
            case ast.IfExp(body=body, orelse=orelse):
                return self._values(body, inside) | self._values(orelse, inside)
            case ast.JoinedStr(values=parts):
                found = [self._values(part, inside) for part in parts]
                return {"".join(choice) for choice in product(*found)}
            case ast.FormattedValue(value=value):
                return self._values(value, inside)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._table(name, inside)
            case (
                ast.Call(func=ast.Name(id=name))
                | ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name))
            ) if name in self.functions:
                return self._returned(self.functions[name])
            case ast.Name(id=name):
                return self._named(name, inside)
        self.unclear.append(f"{node.lineno}: {text}")
        return set()

    def _returned(self, function: ast.FunctionDef) -> set[str]:
        found = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
        return {code for value in found for code in self._values(value, function)}

    def _table(self, name: str, inside: ast.FunctionDef | None) -> set[str]:
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Assign | ast.AnnAssign)
                and ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
                == name
                and isinstance(node.value, ast.Dict)
            ):
                return {code for v in node.value.values for code in self._values(v, inside)}
        self.unclear.append(name)
        return set()

    def _named(self, name: str, inside: ast.FunctionDef | None) -> set[str]:
        """Return what a name stands for: assigned, looped over, or given to the function."""
        found: set[str] = set()
        is_known = False
        for node in ast.walk(inside or self.tree):
            pairs: list[tuple[ast.expr, ast.expr | None]] = []
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.NamedExpr):
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.For | ast.comprehension):
                pairs = list(_looped(node.target, node.iter, inside or self.tree))
            for target, value in pairs:
                if isinstance(target, ast.Name) and target.id == name and value is not None:
                    is_known = True
                    found |= self._values(value, inside)
        if inside is not None and not is_known:
            names = [a.arg for a in (*inside.args.posonlyargs, *inside.args.args)]
            keywords = [a.arg for a in inside.args.kwonlyargs]
            if name in (*names, *keywords):
                position = names.index(name) - (names[0] == "self") if name in names else 99
                for caller, call in self.calls:
                    is_called = _name_of(call) == inside.name
                    given = _argument(call, position, name) if is_called else None
                    found |= self._values(given, caller) if given else set()
                return found
        if not is_known:
            self.unclear.append(name)
        return found


def _name_of(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    for given in call.keywords:
        if given.arg == keyword:
            return given.value
    return call.args[position] if position < len(call.args) else None


def _looped(
    target: ast.expr, rows: ast.expr, where: ast.AST
) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield a loop's names, each with what stands at its place in each row that is spelt out."""
    if isinstance(rows, ast.Name):
        for node in ast.walk(where):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == rows.id:
                rows = node.value
                break
    if not isinstance(rows, ast.Tuple | ast.List):
        return
    for row in rows.elts:
        if isinstance(row, ast.Starred) and isinstance(row.value, ast.GeneratorExp):
            row = row.value.elt
        if isinstance(target, ast.Name):
            yield target, row
        elif isinstance(target, ast.Tuple) and isinstance(row, ast.Tuple):
            yield from zip(target.elts, row.elts, strict=False)


def wordless(
    modules: Iterable[Module], words: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Return by module the codes without words, and what cannot be read of the code."""
    faults: dict[str, list[str]] = {}
    for module in modules:
        missing = {f"{kind} {code}" for kind, code in module.codes if code not in words[kind]}
        if found := sorted(missing) + [f"say in ORIGINS what is {u}" for u in module.unclear]:
            faults[module.path] = found
    return faults


KINDS = ("ALERTS", "TOPICS", "FIGURES", "WHYS", "NOTIFICATIONS", "REFUSALS", "EVENTS")


def test_every_code_that_is_shown_has_words() -> None:
    words = {kind: collected(kind) for kind in KINDS}
    modules = [Module(tree, path.as_posix()) for path, tree in sources().items()]
    assert {kind for module in modules for kind, _ in module.codes} == set(KINDS) - {"EVENTS"}
    assert wordless(modules, words) == {}, "give each words in the slice's words.py"


def test_a_code_without_words_is_caught() -> None:
    planted = ast.parse(
        "def briefing(late, place):\n"
        "    for code in ('manned', 'empty'):\n"
        "        Figure(f'posts.{code}', 1)\n"
        "    _alert('LATE', place)\n"
        "    Alert('posts.SHUT' if late else 'posts.OPEN', place, so=_so(late), helps=late.helps)\n"
        "def _alert(code, place):\n"
        "    return Alert(f'posts.{code}', place, helps=_HELPS[code])\n"
        "def _so(late):\n"
        "    return 'posts.nobody_there' if late else ''\n"
        "_HELPS = {'LATE': 'posts.see', 'SHUT': 'posts.open'}\n"
        "def shut(id):\n"
        "    notify([Notice(id, None, 'posts.shut_by_police', {}, '')])\n"
        "    raise Refused('posts.post_is_shut')\n"
    )
    words = {kind: {"posts.manned", "posts.OPEN", "posts.see"} for kind in KINDS}
    assert wordless([Module(planted, "posts/public.py")], words) == {
        "posts/public.py": [
            "ALERTS posts.LATE",
            "ALERTS posts.SHUT",
            "ALERTS posts.nobody_there",
            "ALERTS posts.open",
            "FIGURES posts.empty",
            "NOTIFICATIONS posts.shut_by_police",
            "REFUSALS posts.post_is_shut",
            "TOPICS posts.LATE",
            "TOPICS posts.SHUT",
            "say in ORIGINS what is 5: late.helps",
        ]
    }


def test_every_event_has_words() -> None:
    wordless = {event_name(event) for event in events()} - set(collected("EVENTS"))
    assert wordless == set(), "give each a sentence in EVENTS of the slice's words.py"


SAID_AS_THEY_ARE: Mapping[str, str] = {
    "drill.SceneLoaded.scene": "its name, as one asks for it",
    "neutrality.CircularAcknowledged.number": "a document's number",
    "neutrality.CircularIssued.number": "a document's number",
    "platform.DetailErased.ground": "an article of a law",
    "places.ExternalCodeSet.body": "short names of bodies",
    "places.ExternalCodeSet.code": "told of codes",
    "places.PlaceRecoded.new": "told of codes",
    "places.PlaceRecoded.old": "told of codes",
}
"""Codes that are words to who reads the sentence of an event, and why."""


def unread_codes(
    events: Iterable[type[Event]], words: Mapping[str, Any], written: Collection[str]
) -> list[str]:
    """Return the codes that sentences of events show raw, `written` being what has EVENT_FACTS."""
    return sorted(
        f"{name}.{fact}"
        for event in events
        if (name := event_name(event)) in words and name not in written
        for fact, kind in get_type_hints(event, include_extras=True).items()
        if f"%({fact})" in str(words[name]) and _is_code(kind)
    )


def _is_code(kind: Any) -> bool:
    return (
        HARMLESS in getattr(kind, "__metadata__", ())
        or (isinstance(kind, type) and issubclass(kind, Enum))
        or any(map(_is_code, get_args(kind)))
    )


def test_no_event_shows_a_code() -> None:
    found = unread_codes(events(), collected("EVENTS"), collected("EVENT_FACTS"))
    assert found == sorted(SAID_AS_THEY_ARE), (
        "readers would see these codes raw: let EVENT_FACTS of the slice's words.py give their "
        "labels (see coordination/words.py), or name them in SAID_AS_THEY_ARE if they are words"
    )


def test_a_code_in_the_sentence_of_an_event_is_caught() -> None:
    class PostShut(Event):
        kind: Code
        causes: tuple[Code, ...]
        post: int

    name = event_name(PostShut)
    words = {name: "Post %(post)s shut (%(kind)s): %(causes)s"}
    assert unread_codes([PostShut], words, ()) == [f"{name}.causes", f"{name}.kind"]
    assert unread_codes([PostShut], words, {name}) == []
    assert unread_codes([PostShut], {name: "Post %(post)s shut"}, ()) == []


def test_all_words_are_translatable() -> None:
    plain = [
        f"{kind} {code}"
        for kind in KINDS
        for code, said in collected(kind).items()
        if not isinstance(said, Promise)
    ]
    assert plain == []


def test_what_has_no_words_fails_here_and_is_shown_in_earnest(settings: Any) -> None:
    with pytest.raises(NoWords, match="has no words"):
        word("ALERTS", "posts.SHUT")
    settings.SERENTAK_NEEDS_WORDS = False
    assert word("ALERTS", "posts.SHUT") == "posts.SHUT"


# --- labels


_EVENT = "what happens to a state; people read the state, and the audit's event"
_CATALOGUE = "named by the catalogue"
_WITHIN = "chosen by code, never shown"

UNSEEN: Mapping[str, str] = {
    "ActivityEvent": _EVENT,
    "ActivityState": "an activity that was dropped stands under a heading of its own",
    "AgendaKind": _WITHIN,
    "Answer": _WITHIN,
    "AnswerKind": _CATALOGUE,
    "AnswerType": _CATALOGUE,
    "Better": _WITHIN,
    "Binding": _CATALOGUE,
    "Chain": _WITHIN,
    "Counts": _CATALOGUE,
    "ComesBack": _CATALOGUE,
    "Days": "said by the sentences of CLOCKS",
    "DefectEvent.CONFIRM": "said by the event of the check",
    "DefectEvent.FAIL_AGAIN": "said by the event of the check",
    "DiscrepancyEvent": _EVENT,
    "Ground": "said by the sentences of WHYS",
    "Doing": _CATALOGUE,
    "FieldKind": _CATALOGUE,
    "Focus": "named by the area that answers it; what nobody answers has no name",
    "HandledAt": _CATALOGUE,
    "LetterEvent": _EVENT,
    "LetterForm": _WITHIN,
    "Meant": _WITHIN,
    "MeetingEvent": _EVENT,
    "Method": _CATALOGUE,
    "Of": _CATALOGUE,
    "OutcomeKind.DIRECTIVE": "said by its verb",
    "OutcomeKind.INSTRUCTION": "said by its verb",
    "OutcomeKind.REQUEST": "said by its verb",
    "PlanEvent": _EVENT,
    "Personal": "said by the refusal",
    "Phase": _WITHIN,
    "Conditions": _CATALOGUE,
    "Role": _CATALOGUE,
    "Silence": _CATALOGUE,
    "Stands": "stands as the heading of the page of the catalogue",
    "To": _CATALOGUE,
    "Races": _CATALOGUE,
    "ReportEvent": _EVENT,
    "Track": _CATALOGUE,
    "Where": _CATALOGUE,
    "What": _WITHIN,
}
"""Kinds of codes, or single ones, that no page, letter or file words, and why."""


def labels(modules: Iterable[Any]) -> list[Mapping[Any, Any]]:
    """Return the tables of words in modules."""
    return [
        table
        for module in modules
        for name, table in vars(module).items()
        if name.strip("_").isupper() and isinstance(table, Mapping) and table
    ]


def unlabelled(kinds: Iterable[type[Enum]], tables: Collection[Mapping[Any, Any]]) -> list[str]:
    """Return the members of enumerations that no table of words has; a kind without any by name."""
    faults: list[str] = []
    for kind in kinds:
        prefix = kind.__module__.split(".")[1]
        full = [{m.value for m in kind}, {f"{prefix}.{m.value}" for m in kind}]
        if any(codes <= set(table) for codes in full for table in tables):
            continue
        own = {key for table in tables for key in table if isinstance(key, kind)}
        faults += [f"{kind.__name__}.{m.name}" for m in kind if m not in own] if own else []
        faults += [] if own else [kind.__name__]
    return faults


def test_every_state_and_choice_has_words() -> None:
    modules = {
        path: _module(path)
        for path in sources()
        if path.parts[0] == "kernel"
        or row_of(path) in ("rules", "models", "words")
        or path.name == "vocabulary.py"
    }
    kinds = {
        value
        for module in modules.values()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    worded = [m for path, m in modules.items() if path.name in ("words.py", "vocabulary.py")]
    assert len(kinds) > 40
    assert set(unlabelled(kinds, labels(worded))) == set(UNSEEN), (
        "give each a label in a table of the slice's words.py; or say in UNSEEN why nobody reads it"
    )


def _module(path: Path) -> ModuleType:
    parts = path.with_suffix("").parts
    return import_module(".".join(["serentak", *(p for p in parts if p != "__init__")]))


def test_a_state_without_words_is_caught() -> None:
    class PostState(StrEnum):
        MANNED = "MANNED"
        EMPTY = "EMPTY"

    class PostEvent(StrEnum):
        SHUT = "SHUT"

    tables = [{PostState.MANNED: "manned"}, {"OPEN": "open"}]
    assert unlabelled([PostState, PostEvent], tables) == ["PostState.EMPTY", "PostEvent"]
    tables.append({"MANNED": "manned", "EMPTY": "empty"})
    assert unlabelled([PostState], tables) == []
