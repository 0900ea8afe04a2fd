"""A catalogue of activities as rows of two tables, and such rows as the plain data of a file again.

The two directions are exact: what is written and read again is the same catalogue. Cells are text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serentak.kernel.countdown import countdown_text

from .activities import LEVELS, After, Catalogue, Definition, Where
from .quantities import Term

Cells = Mapping[str, str]
Fault = tuple[str, str]
"""A column and what is wrong with its cell."""

_LEVEL_NAMES = {level: name for name, level in LEVELS.items()}
_YES = frozenset({"yes", "ya", "y", "true", "benar", "1", "x", "✓"})
_NO = frozenset({"no", "tidak", "n", "false", "salah", "0", "-", "–"})
_TERM = re.compile(r"(?:(\d+)\s*[×x*]\s*)?([a-z]+)(\s+per[ _]race)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}(\.0+)?")
_APART = re.compile(r"\s*[;,\n]\s*")


# --- cells out


def _owner(one: Definition) -> str:
    if isinstance(one.owners, str):
        return one.owners
    return "; ".join(f"{_LEVEL_NAMES[level]}: {kind}" for level, kind in one.owners.items())


def _term(term: Term) -> str:
    times = f"{term.times} × " if term.times != 1 else ""
    return f"{times}{term.of.value.lower()}{' per race' if term.per_race else ''}"


def _link(link: After) -> str:
    return link.key if link.where is Where.SAME else f"{link.key} @ {link.where.value}"


def _deadline(one: Definition) -> str:
    return "" if one.deadline is None else countdown_text(one.deadline)


WRITERS: Mapping[str, Callable[[Definition], str]] = {
    "key": lambda one: one.key,
    "name_id": lambda one: one.name["id"],
    "name_en": lambda one: one.name["en"],
    "aliases": lambda one: "\n".join(one.aliases),
    "aspect": lambda one: one.aspect,
    "levels": lambda one: "; ".join(_LEVEL_NAMES[level] for level in one.levels),
    "owner": _owner,
    "with": lambda one: "; ".join(one.others),
    "split": lambda one: one.split,
    "district_owner": lambda one: one.district_owner or "",
    "unit": lambda one: one.unit,
    "quantity": lambda one: " + ".join(map(_term, one.quantity)),
    "optimistic": lambda one: str(one.durations.optimistic),
    "likely": lambda one: str(one.durations.likely),
    "pessimistic": lambda one: str(one.durations.pessimistic),
    "sourced": lambda one: "; ".join(sorted(one.durations.sourced)),
    "target": lambda one: countdown_text(one.target),
    "fixed": lambda one: "yes" if one.fixed else "no",
    "deadline_kind": lambda one: one.deadline_kind.value,
    "deadline": _deadline,
    "after": lambda one: "; ".join(map(_link, one.after)),
    "miss": lambda one: one.miss,
    "drop": lambda one: one.drop.value.lower(),
    "report_every": lambda one: str(one.report_every),
    "measured_by": lambda one: one.measured_by,
    "law": lambda one: one.law,
    "source": lambda one: one.source,
    "confidence": lambda one: one.confidence.value,
}
"""The columns of the table of activities, and what stands in them: every field of a definition."""

NUMBERS = frozenset({"optimistic", "likely", "pessimistic", "report_every"})
WORD_COLUMNS = ("list", "key", "id", "en", "sentence_id", "sentence_en", "date")
LISTS = ("aspects", "units", "consequences", "sources")


def activity_cells(one: Definition) -> Cells:
    """Return an activity's row."""
    return {column: write(one) for column, write in WRITERS.items()}


def word_cells(catalogue: Catalogue) -> Iterable[Cells]:
    """Yield the rows of what activities refer to: aspects, units, consequences, sources."""
    for name, texts in (("aspects", catalogue.aspects), ("units", catalogue.units)):
        for key, text in texts.items():
            yield {"list": name, "key": key, **text}
    for what in catalogue.consequences.values():
        sentence = {f"sentence_{language}": text for language, text in what.sentence.items()}
        yield {"list": "consequences", "key": what.key, **what.name, **sentence}
    for source in catalogue.sources.values():
        yield {"list": "sources", "key": source.key, **source.cite, "date": source.date}


# --- cells in


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as plain data of a file, and what its cells could not say."""

    raw: dict[str, Any]
    faults: Sequence[Fault]


def _list(text: str) -> list[str]:
    return [part for part in _APART.split(text.strip()) if part]


def _flag(text: str) -> bool:
    folded = text.strip().lower()
    if folded not in _YES | _NO:
        raise ValueError(f"{text!r} is neither yes nor no")
    return folded in _YES


def _whole(text: str) -> int:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a whole number")
    return int(float(text))


def _day(text: str) -> str:
    # Spreadsheets make a longer dash of a hyphen.
    return re.sub(r"\s+", "", text).upper().translate(dict.fromkeys(map(ord, "−–—"), "-"))


def _owners(text: str) -> object:
    if ":" not in text:
        return text
    pairs = [part.partition(":") for part in _list(text)]
    return {level.strip().lower(): kind.strip() for level, _, kind in pairs}


def _terms(text: str) -> list[dict[str, Any]]:
    found = []
    for part in text.split("+"):
        match = _TERM.fullmatch(part.strip())
        if not match:
            raise ValueError(f"{part.strip()!r} is not like “2 × stations per race”")
        times = {"times": int(match[1])} if match[1] else {}
        per_race = {"per_race": True} if match[3] else {}
        found.append({"of": match[2].lower(), **times, **per_race})
    return found


def _links(text: str) -> list[Any]:
    pairs = [part.partition("@") for part in _list(text)]
    return [
        {"key": key.strip(), "place": place.strip().upper()} if place else key.strip()
        for key, _, place in pairs
    ]


def _small(text: str) -> str:
    return text.strip().lower()


_READERS: Mapping[str, tuple[tuple[str, ...], Callable[[str], Any]]] = {
    "key": (("key",), str),
    "name_id": (("name", "id"), str),
    "name_en": (("name", "en"), str),
    "aliases": (("aliases",), lambda text: [a.strip() for a in text.split("\n") if a.strip()]),
    "aspect": (("aspect",), str),
    "levels": (("levels",), lambda text: _list(text.lower())),
    "owner": (("owner",), _owners),
    "with": (("with",), _list),
    "split": (("split",), _small),
    "district_owner": (("district_owner",), str),
    "unit": (("unit",), str),
    "quantity": (("quantity",), _terms),
    "optimistic": (("durations", "optimistic"), _whole),
    "likely": (("durations", "likely"), _whole),
    "pessimistic": (("durations", "pessimistic"), _whole),
    "sourced": (("durations", "sourced"), lambda text: _list(text.lower())),
    "target": (("target",), _day),
    "fixed": (("fixed",), _flag),
    "deadline_kind": (("deadline", "kind"), lambda text: text.strip().upper()),
    "deadline": (("deadline", "at"), _day),
    "after": (("after",), _links),
    "miss": (("miss",), str),
    "drop": (("drop",), _small),
    "report_every": (("report_every",), _whole),
    "measured_by": (("measured_by",), str),
    "law": (("law",), str),
    "source": (("source",), str),
    "confidence": (("confidence",), lambda text: text.strip().upper()),
}
"""Where each cell stands in a file, and how it is read; ValueError tells the rule."""


def read_activity(cells: Cells) -> ReadRow:
    """Return a row of activities as a file has it; empty cells are left out."""
    raw: dict[str, Any] = {"durations": {}}
    faults: list[Fault] = []
    for column, (path, read) in _READERS.items():
        text = cells.get(column, "")
        if not text.strip():
            continue
        try:
            value = read(text.strip())
        except ValueError as error:
            faults.append((column, str(error)))
            continue
        # False is left out like any other default, so that a file says only what differs.
        if value is False or value == []:
            continue
        _put(raw, path, value)
    return ReadRow(raw, tuple(faults))


def read_words(rows: Iterable[tuple[int, Cells]]) -> tuple[dict[str, Any], list[tuple[int, Fault]]]:
    """Return the lists of words as a file has them, and what is wrong by row."""
    found: dict[str, Any] = {name: {} for name in LISTS}
    faults: list[tuple[int, Fault]] = []
    for number, row in rows:
        name, key = row.get("list", "").strip().lower(), row.get("key", "").strip()
        if name not in found:
            faults.append((number, ("list", f"{name!r} is none of {', '.join(LISTS)}")))
        elif not key:
            faults.append((number, ("key", "is missing")))
        elif key in found[name]:
            faults.append((number, ("key", f"{key!r} stands twice under {name}")))
        else:
            found[name][key] = _word(name, row)
    return found, faults


def _word(name: str, row: Cells) -> dict[str, Any]:
    text = {language: row.get(language, "").strip() for language in ("id", "en")}
    if name == "consequences":
        sentence = {of: row.get(f"sentence_{of}", "").strip() for of in ("id", "en")}
        return {"name": text, "sentence": sentence}
    if name == "sources":
        return {"cite": text, "date": row.get("date", "").strip().partition("T")[0]}
    return text


def _put(raw: dict[str, Any], path: Sequence[str], value: object) -> None:
    *above, last = path
    for name in above:
        raw = raw.setdefault(name, {})
    raw[last] = value


def file_of(catalogue: Catalogue) -> dict[str, Any]:
    """Return a catalogue as the plain data of its file."""
    words, _ = read_words(enumerate(word_cells(catalogue)))
    rows = [read_activity(activity_cells(one)).raw for one in catalogue.activities.values()]
    return {**words, "activities": rows}


def column_of(field: str) -> str:
    """Return the column of a field as a file names it (`durations`, `durations: likely`)."""
    parts = tuple(field.split(": "))
    paths = {path: column for column, (path, _) in _READERS.items()}
    return next(
        (paths[parts[:n]] for n in (2, 1) if parts[:n] in paths),
        {"name": "name_id", "durations": "likely", "deadline": "deadline_kind"}.get(
            parts[0], parts[0]
        ),
    )


def has_column(field: str) -> bool:
    """Tell whether a part of a field (`durations: likely`) has a column of its own."""
    return tuple(field.split(": ")) in {path for path, _ in _READERS.values()}
