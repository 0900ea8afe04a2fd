"""A plan in: another catalogue of activities as YAML or as a workbook, with what is wrong by row.

Nothing is taken of a file that breaks a rule anywhere.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from serentak.institutions import public as institutions
from serentak.kernel.entries import read
from serentak.kernel.refused import Refused
from serentak.platform import areas
from serentak.platform.headings import numbers_columns
from serentak.platform.sheets import (
    RawSheet,
    SheetColumn,
    SheetRow,
    mapped_rows,
    read_sheet,
    recognise,
)
from serentak.readiness.queries.board import catalogue
from serentak.readiness.rules.activities import (
    MOST_ACTIVITIES,
    Catalogue,
    faults_of_links,
    too_many,
)
from serentak.readiness.rules.tabular import (
    LISTS,
    column_of,
    file_of,
    has_column,
    read_activity,
    read_words,
)

MOST_BYTES = 16 * 1024 * 1024
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOTAL = re.compile(r"(sub[\s-]?|grand[\s-]?)?(jumlah|total)\b.*", re.IGNORECASE)
_SAYS_WHAT = ("aspect", "owner", "unit", "quantity", "target", "miss", "source")
"""A row in which none of these stands is no activity."""

LABELS: Mapping[str, Promise] = {
    "key": _("Code"),
    "name_id": _("Name in Indonesian"),
    "name_en": _("Name in English"),
    "aliases": _("Other names"),
    "aspect": _("Aspect"),
    "levels": _("Levels"),
    "owner": _("Kind of owner"),
    "with": _("Carried out with"),
    "split": _("Split by"),
    "district_owner": _("Kind of owner in districts"),
    "unit": _("Unit"),
    "quantity": _("Amount"),
    "optimistic": _("Shortest duration (days)"),
    "likely": _("Likely duration (days)"),
    "pessimistic": _("Longest duration (days)"),
    "sourced": _("Durations that were published"),
    "target": _("Target"),
    "fixed": _("Fixed by law"),
    "deadline_kind": _("Kind of deadline"),
    "deadline": _("Deadline"),
    "after": _("Waits for"),
    "miss": _("If it is missed"),
    "drop": _("May be dropped"),
    "report_every": _("Report every (days)"),
    "measured_by": _("Measured by"),
    "law": _("Law"),
    "source": _("Source"),
    "confidence": _("Confidence"),
}
"""The headings of the table of activities."""
WORD_LABELS: Mapping[str, Promise] = {
    "list": _("List"),
    "key": _("Code"),
    "id": _("In Indonesian"),
    "en": _("In English"),
    "sentence_id": _("Sentence in Indonesian"),
    "sentence_en": _("Sentence in English"),
    "date": _("Date"),
}
"""The headings of the table of aspects, units, consequences and sources."""
_REQUIRED = frozenset({"key", "name_id", "name_en"}) | set(_SAYS_WHAT)


class PlanFault(NamedTuple):
    """A rule that a plan breaks; row None: the whole of it. `sheet` where it is not the first."""

    row: int | None
    column: str
    rule: str
    sheet: str = ""

    def __str__(self) -> str:
        where = [self.sheet, f"row {self.row}" if self.row else "", self.column]
        return ": ".join([", ".join(filter(None, where)), self.rule]).removeprefix(": ")


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What a file says, None where it breaks a rule; `left_out` are rows that are no activities."""

    catalogue: Catalogue | None
    raw: Mapping[str, Any]
    faults: tuple[PlanFault, ...] = ()
    left_out: tuple[int, ...] = ()


def columns(labels: Mapping[str, Promise]) -> tuple[SheetColumn, ...]:
    """Return columns whose headings are known in both languages, and by their names in a file."""
    found = []
    for name, label in labels.items():
        aliases = []
        for language in ("id", "en"):
            with override(language):
                aliases.append(str(label))
        found.append(SheetColumn(name, label, tuple(aliases)))
    return tuple(found)


def read_plan(content: bytes) -> ReadPlan:
    """Read a plan, a workbook or YAML; never raises for what stands in it."""
    if len(content) > MOST_BYTES:
        return _refused(f"holds more than {MOST_BYTES // 1024 // 1024} MB")
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content)
    return _read_yaml(content)


def _refused(rule: str, row: int | None = None) -> ReadPlan:
    return ReadPlan(None, {}, (PlanFault(row, "", rule),))


# --- YAML


def _read_yaml(content: bytes) -> ReadPlan:
    try:
        text = content.decode("utf-8-sig")
        # An alias can stand for a thousand copies of itself.
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent):
                row = event.start_mark.line + 1 if event.start_mark else None
                return _refused("aliases (*name) are not read", row)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            raw = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except UnicodeDecodeError:
        return _refused("is neither a workbook (XLSX) nor text in UTF-8")
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        return _refused(f"is no YAML here: {error.problem}", row)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return _refused(f"is no YAML: {str(error) or 'nested too deep'}")
    if not isinstance(raw, dict):
        return _refused("must be a mapping of fields: activities, aspects, units, …")
    named = raw.get("activities")
    entries: list[Any] = named if isinstance(named, list) else []
    if isinstance(named, dict):
        entries = [
            {"key": key, **one} if isinstance(one, dict) else one for key, one in named.items()
        ]
    rows = _lines(node)
    wrong = [
        PlanFault(row, "", "must be a mapping of fields")
        for row, one in zip(rows, entries, strict=True)
        if not isinstance(one, dict)
    ]
    good = [(r, one) for r, one in zip(rows, entries, strict=True) if isinstance(one, dict)]
    return _checked(raw, good, wrong)


def _lines(node: Any) -> list[int]:
    """Return the line on which each activity begins."""
    for key, below in node.value:
        if key.value == "activities" and isinstance(below, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in below.value]
        if key.value == "activities" and isinstance(below, yaml.MappingNode):
            # Of a name that stands twice the last is read, where the first stood.
            return list({k.value: k.start_mark.line + 1 for k, _ in below.value}.values())
    return []


# --- workbooks


def _read_workbook(content: bytes) -> ReadPlan:
    known = columns(LABELS)
    try:
        sheet = read_sheet(content, known)
        words = _words_sheet(content, [sheet.name, *sheet.others], sheet.name)
    except Refused as refused:
        from serentak.platform.words import refusal_text

        return _refused(refusal_text(refused))
    mapping = recognise(sheet.headings, known)
    missing = [
        PlanFault(None, str(c.label), "the sheet has no such column")
        for c in known
        if c.name in _REQUIRED and c.name not in mapping
    ]
    if missing:
        return ReadPlan(None, {}, tuple(missing))
    rows, left_out = _activities(sheet, mapping)
    if len(rows) > MOST_ACTIVITIES:
        return _refused(too_many(len(rows)), rows[MOST_ACTIVITIES].number)
    faults: list[PlanFault] = []
    entries = []
    for row in rows:
        said = read_activity(row.cells)
        entries.append((row.number, said.raw))
        faults += [PlanFault(row.number, column, rule) for column, rule in said.faults]
    of_words: dict[tuple[str, str], int] = {}
    if words is None:
        # Whoever sends the activities alone means the aspects and units that are in use.
        lists = {name: value for name, value in file_of(catalogue()).items() if name in LISTS}
    else:
        named = recognise(words.headings, columns(WORD_LABELS))
        listed = mapped_rows(words, named)
        shown = [(row.number, row.cells) for row in listed]
        lists, wrong = read_words(shown)
        of_words = {(row["list"].strip().lower(), row["key"]): row.number for row in listed}
        faults += [PlanFault(row, column, rule, words.name) for row, (column, rule) in wrong]
    found = _checked({**lists}, entries, faults, left_out)
    if words is None:
        return found
    return replace(found, faults=tuple(_in_words(f, words.name, of_words) for f in found.faults))


def _in_words(fault: PlanFault, sheet: str, rows: Mapping[tuple[str, str], int]) -> PlanFault:
    """Give a fault of an aspect, unit, consequence or source its row."""
    name, _, rest = fault.rule.partition(": ")
    key, _, rule = rest.partition(": ")
    row = rows.get((name, key))
    return PlanFault(row, name, rule, sheet) if fault.row is None and row else fault


def _words_sheet(content: bytes, names: Iterable[str], taken: str) -> RawSheet | None:
    known = columns(WORD_LABELS)
    others = [name for name in names if name != taken]
    if not others:
        return None
    found = read_sheet(content, known)
    if found.name in others and {"list", "key", "id"} <= set(recognise(found.headings, known)):
        return found
    return None


def _activities(
    sheet: RawSheet, mapping: Mapping[str, int]
) -> tuple[list[SheetRow], tuple[int, ...]]:
    """Return the rows of activities, and which rows are none: numbers of columns, totals, notes.

    Rows that a filter hides are part of the plan.
    """
    found: list[SheetRow] = []
    left_out: list[int] = []
    for row in mapped_rows(sheet, mapping):
        cells = [*sheet.rows[row.number - sheet.first_row]]
        says = any(row[name] for name in _SAYS_WHAT)
        is_total = any(_TOTAL.fullmatch(cell) for cell in cells if cell)
        if (not found and numbers_columns(cells)) or (
            not says and (is_total or not row["key"] or " " in row["key"])
        ):
            left_out.append(row.number)
        else:
            found.append(row)
    return found, tuple(left_out)


# --- rules


def _checked(
    raw: Mapping[str, Any],
    entries: Sequence[tuple[int, dict[str, Any]]],
    faults: Collection[PlanFault],
    left_out: tuple[int, ...] = (),
) -> ReadPlan:
    """Return the plan, or everything that is wrong in the order of its rows."""
    if len(entries) > MOST_ACTIVITIES:
        return _refused(too_many(len(entries)), entries[MOST_ACTIVITIES][0])
    found = dict.fromkeys(faults)
    rows: dict[str, int] = {}
    kept: list[dict[str, Any]] = []
    for row, entry in entries:
        key = str(entry.get("key") or "").strip()
        if not key:
            found[PlanFault(row, "key", "is missing")] = None
        elif key in rows:
            rule = f"{key!r} stands already in row {rows[key]}"
            found[PlanFault(row, "key", rule)] = None
        else:
            rows[key] = row
            kept.append(entry)
    file = {**raw, "activities": kept}
    unread = {(fault.row, fault.column) for fault in found}
    result: Catalogue | None = None
    try:
        result = read(Catalogue, file)
    except (ValueError, RecursionError) as error:
        lines = str(error).splitlines() or ["is nested too deep"]
        told = [_fault(line, rows) for line in [*lines, *_link_faults(kept)]]
        # What a cell could not say is told once, not also as missing.
        found |= dict.fromkeys(f for f in told if (f.row, f.column) not in unread)
    for entry in kept:
        found |= dict.fromkeys(_outside(entry, rows[str(entry["key"]).strip()]))
    if found:
        result = None
    ordered = sorted(found, key=lambda fault: (fault.sheet, fault.row or 0))
    return ReadPlan(result, file, tuple(ordered), left_out)


def _fault(line: str, rows: Mapping[str, int]) -> PlanFault:
    """Return a fault of the catalogue with the row of the activity that it names."""
    key, _, rest = line.removeprefix("activities: ").partition(": ")
    if key not in rows:
        return PlanFault(None, "", line)
    field, _, rule = rest.partition(": ")
    inner, _, words = rule.partition(": ")
    if words and has_column(f"{field}: {inner}"):
        return PlanFault(rows[key], column_of(f"{field}: {inner}"), words)
    return PlanFault(rows[key], column_of(field), rule)


def _link_faults(entries: Sequence[dict[str, Any]]) -> list[str]:
    """Return what is wrong with predecessors; a catalogue says so only when all else is right."""
    before: dict[str, list[str]] = {}
    for entry in entries:
        after = entry.get("after")
        links = after if isinstance(after, list) else []
        named = [link.get("key") if isinstance(link, dict) else link for link in links]
        before[str(entry["key"]).strip()] = [key for key in named if isinstance(key, str)]
    return faults_of_links(before)


def _outside(entry: Mapping[str, Any], row: int) -> Iterable[PlanFault]:
    """Yield what other slices do not know: kinds of institutions, what a ledger measures."""
    owner, others = entry.get("owner"), entry.get("with")
    named = {
        "owner": [*owner.values()] if isinstance(owner, dict) else [owner],
        "district_owner": [entry.get("district_owner")],
        "with": others if isinstance(others, list) else [],
    }
    for column, kinds in named.items():
        for kind in kinds:
            if kind and not institutions.family_of(str(kind)):
                yield PlanFault(row, column, f"{kind!r} is no kind of institution")
    measure = entry.get("measured_by")
    if measure and str(measure) not in areas.measures():
        yield PlanFault(row, "measured_by", f"{measure!r} is measured by no slice")
