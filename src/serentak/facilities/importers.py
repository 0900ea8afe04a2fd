"""A sheet of checks in, checked rows and problems by row out; nothing is written here.

A row is a place, a column a question: as the sheets of committees go round, with “sudah”, “belum”,
“ada” and “-”, and numbers with their unit. What is empty or a dash was not looked at.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import Level, PlaceCode
from serentak.places.public import PlaceCard, name_keys
from serentak.platform.catalogue import said
from serentak.platform.sheets import Problem, SheetColumn, SheetRow, number_code, plain, whole

from .queries.catalogues import checklists
from .rules.checklists import (
    NO,
    NOT_APPLICABLE,
    NOTHING,
    YES,
    Answer,
    AnswerType,
    Checklist,
    Question,
)
from .rules.judging import answer_fault

CODE = SheetColumn(
    "code",
    _("Code of the place"),
    ("kode", "kode TPS", "kode wilayah", "kode kecamatan", "kode tempat", "code", "kodwil"),
    is_required=False,
    about=_("As in the template; may be empty where the names say it."),
    example="16.02.14.2001.001",
    is_name=True,
)
DISTRICT = SheetColumn(
    "district",
    _("District"),
    ("kecamatan", "nama kecamatan", "kec", "PPK", "district"),
    is_required=False,
    example="Air Sugihan",
    is_name=True,
)
VILLAGE = SheetColumn(
    "village",
    pgettext_lazy("column", "Village"),
    ("desa/kelurahan", "kelurahan/desa", "kelurahan", "desa", "kel/desa", "desa/kel", "village"),
    is_required=False,
    example="Nusa Karta",
    is_name=True,
)
NUMBER = SheetColumn(
    "number",
    _("Station number"),
    ("TPS", "no TPS", "nomor TPS", "nama TPS", "station", "station number"),
    is_required=False,
    example="001",
    is_name=True,
)
REGENCY = SheetColumn(
    "regency",
    _("Regency or city"),
    ("kabupaten/kota", "kab/kota", "kabupaten", "kota", "regency"),
    is_required=False,
    example="Ogan Komering Ilir",
    is_name=True,
)

_NAMES: Mapping[Level, tuple[SheetColumn, ...]] = {
    Level.STATION: (CODE, DISTRICT, VILLAGE, NUMBER),
    Level.VILLAGE: (CODE, DISTRICT, VILLAGE),
    Level.DISTRICT: (CODE, DISTRICT),
    Level.REGENCY: (CODE, REGENCY),
}
_YES = frozenset(
    {"ya", "y", "iya", "sudah", "sdh", "ada", "v", "✓", "✔", "√", "yes", "true", "1", "baik",
     "lengkap", "siap", "aman"}
)  # fmt: skip
_NO = frozenset(
    {"tidak", "tdk", "t", "belum", "blm", "tidak ada", "tdk ada", "belum ada", "no", "n", "false",
     "0", "rusak", "kurang"}
)  # fmt: skip
_SILENT = frozenset({"", "-", "–", "—", "?", "belum dicek", "belum diperiksa"})
_NA = frozenset({"tidak berlaku", "tdk berlaku", "n/a", "na", "does not apply"})
_WITH_UNIT = re.compile(r"([0-9][0-9.,\s\u00a0]*?)\s*([^\W\d_][^\d]*|m2|m²)?", re.IGNORECASE)
_STATION = re.compile(r"(?:TPS[\s.\-]*)?0*([0-9]{1,3})(?:\.0+)?", re.IGNORECASE)


def columns_of(known: Checklist) -> tuple[SheetColumn, ...]:
    """Return the columns of a checklist's sheet: which place, then a column for each question."""
    return (*_NAMES[known.level], *map(_column, known.questions.values()))


def _column(question: Question) -> SheetColumn:
    others = [*question.name.values(), *question.asks.values()]
    return SheetColumn(
        question.key,
        said(question.name),
        tuple(others),
        is_required=False,
        about=said(question.asks),
        example=_example(question),
    )


def _example(question: Question) -> str:
    match question.type:
        case AnswerType.YES_NO:
            return "ya"
        case AnswerType.CHOICE:
            return said(next(iter(question.options.values())))
        case AnswerType.NUMBER:
            return "2"
        case AnswerType.TEXT:
            return ""


@dataclass(frozen=True, slots=True)
class Known:
    """The places that a sheet may name, and how: by code, or by the names above."""

    codes: frozenset[PlaceCode]
    by_names: Mapping[tuple[str, ...], PlaceCode]

    @classmethod
    def of(cls, cards: Sequence[PlaceCard], above: Mapping[PlaceCode, PlaceCard]) -> "Known":
        """Return the index of places; `above` holds their villages and districts."""
        found: dict[tuple[str, ...], PlaceCode | None] = {}
        for card in cards:
            for names in _names_of(card, above):
                # Two of one name are found by their code alone.
                found[names] = None if found.get(names, card.code) != card.code else card.code
        known = {names: code for names, code in found.items() if code}
        return cls(frozenset(card.code for card in cards), known)


def _names_of(card: PlaceCard, above: Mapping[PlaceCode, PlaceCard]) -> Iterator[tuple[str, ...]]:
    village = above.get(PlaceCode(card.code[: Level.VILLAGE]))
    district = above.get(PlaceCode(card.code[: Level.DISTRICT]))
    number = str(int(card.code[-3:])) if card.level is Level.STATION else ""
    if card.level < Level.VILLAGE:
        yield from ((key,) for key in name_keys(card.name))
        return
    name = village or card
    for key in name_keys(name.name):
        tail = (key, number) if number else (key,)
        yield ("", *tail)
        if district:
            yield from ((over, *tail) for over in name_keys(district.name))


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that holds: the place and what was answered there."""

    number: int
    place: PlaceCode
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class ReadChecks:
    """The rows that hold, and every rule that a row breaks; `silent` rows answer nothing."""

    rows: tuple[ReadRow, ...]
    problems: tuple[Problem, ...]
    silent: int


def read_checks(rows: Sequence[SheetRow], asked: Checklist, known: Known) -> ReadChecks:
    """Check a sheet's rows; a row without any answer was not looked at and is left out."""
    found: list[ReadRow] = []
    problems: list[Problem] = []
    seen: set[PlaceCode] = set()
    silent = 0
    for row in rows:
        faults: list[Problem] = []
        answers = dict(_answers(row, asked, faults))
        if not answers and not faults:
            silent += 1
            continue
        place = _place(row, asked.level, known)
        if isinstance(place, Problem):
            faults.append(place)
        elif place in seen:
            faults.append(Problem(row.number, "code", "facilities.place_stands_twice"))
        else:
            seen.add(place)
            if not faults:
                found.append(ReadRow(row.number, place, answers))
        problems.extend(faults)
    return ReadChecks(tuple(found), tuple(problems), silent)


def _place(row: SheetRow, level: Level, known: Known) -> PlaceCode | Problem:
    code = row["code"].strip()
    if code:
        place = _code(code, level)
        if place in known.codes:
            return place
        return Problem(row.number, "code", "facilities.place_is_unknown")
    columns = [column.name for column in _NAMES[level] if column is not CODE]
    if level is Level.STATION and not (row["village"].strip() and row["number"].strip()):
        return Problem(row.number, "code", "facilities.station_needs_its_village")
    for names in _said_names(row, columns):
        if names in known.by_names:
            return known.by_names[names]
    return Problem(row.number, columns[0], "facilities.place_is_unknown")


def _said_names(row: SheetRow, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield how a row may name its place, the likeliest first."""
    found: list[tuple[str, ...]] = [()]
    for column in columns:
        text = row[column]
        if column == "number":
            number = _STATION.fullmatch(text.strip())
            keys: tuple[str, ...] = (number[1],) if number else ()
        else:
            keys = name_keys(text) or ("",)
        found = [(*names, key) for names in found for key in keys]
    yield from found


def _code(text: str, level: Level) -> PlaceCode:
    """Return a code as the tree writes it, also of one without dots."""
    digits = re.sub(r"\D", "", text)
    cuts = [cut for cut in (2, 4, 6, 10, 13) if cut <= len(digits)]
    parts = [digits[a:b] for a, b in zip([0, *cuts], cuts, strict=False)]
    joined = ".".join(parts)
    return PlaceCode(joined if len(joined) == level else text)


def _answers(
    row: SheetRow, asked: Checklist, faults: list[Problem]
) -> Iterator[tuple[str, Answer]]:
    for key, question in asked.questions.items():
        text = row[key].strip()
        if plain(text) in _SILENT or text in _SILENT:
            continue
        answer = read_answer(question, text)
        if answer is None:
            faults.append(_unread(row.number, question, text))
        elif fault := answer_fault(question, answer, checklists().units):
            faults.append(Problem(row.number, key, fault.code, fault.params))
        else:
            yield key, answer


def _unread(number: int, question: Question, text: str) -> Problem:
    if question.type is AnswerType.NUMBER:
        code = number_code(text, "facilities.answer_is_absurd")
        most = checklists().units[question.unit or ""].most
        return Problem(number, question.key, code, {"most": most})
    answers = [said(option) for option in question.options.values()] or ["ya", "tidak"]
    params = {"text": text[:40], "answers": ", ".join(answers)}
    return Problem(number, question.key, "facilities.answer_is_not_read", params)


def read_answer(question: Question, text: str) -> Answer | None:
    """Return what a cell answers, None where it cannot be read as an answer to the question."""
    word = " ".join(text.split()).casefold().rstrip(".!")
    if question.type is AnswerType.TEXT:
        return " ".join(text.split())
    if word in _NA:
        return NOT_APPLICABLE
    match question.type:
        case AnswerType.YES_NO:
            return YES if word in _YES else NO if word in _NO else None
        case AnswerType.NUMBER:
            return _number(question, word)
    return _option(question, word)


def _number(question: Question, word: str) -> int | None:
    if word in _NO - {"0"}:
        return 0
    found = _WITH_UNIT.fullmatch(word)
    if found is None:
        return None
    unit = checklists().units[question.unit or ""]
    units = {plain(name) for name in unit.name.values()} | {"", "m2", "unit", "buah"}
    return whole(found[1].strip()) if plain(found[2] or "") in units else None


def _option(question: Question, word: str) -> str | None:
    texts = {
        key: {key, *(text.casefold() for text in option.values())}
        for key, option in question.options.items()
    }
    exact = [key for key, names in texts.items() if word in names]
    if exact:
        return exact[0]
    if word in _NO and NOTHING in texts:
        return NOTHING
    begins = [key for key, names in texts.items() if any(n.startswith(word) for n in names)]
    return begins[0] if len(begins) == 1 else None
