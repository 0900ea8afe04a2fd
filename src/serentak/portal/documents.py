"""The public folder: pages, CSV and JSON, written where they changed, compressed beside."""

import gzip
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from serentak.kernel.area import Area
from serentak.kernel.codes import PlaceCode
from serentak.places.public import PlaceCard
from serentak.platform import areas
from serentak.platform.web.exports import Sheet, csv_lines

from .queries import Publication, PublicPlace
from .rules import data_name, index_name, page_name
from .words import COLUMNS, total_text

LANGUAGES = ("id", "en")
STYLE = "public.css"
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
PLACES_LICENCE = "ODbL 1.0, https://opendatacommons.org/licenses/odbl/1-0/"
"""Under which sentences and figures, and names and codes of places, may be used."""

Files = Mapping[str, bytes]
"""Contents by the file's name."""


def folder() -> Path:
    """Return where the public files lie."""
    return Path(settings.SERENTAK_PUBLIC)


def files_of(found: Publication, *, is_drill: bool) -> Files:
    """Return the files of a province: pages in both languages, CSV and JSON for each place."""
    files: dict[str, bytes] = {STYLE: _style()}
    for place in found.places:
        below = found.areas if place is found.province else ()
        for language in LANGUAGES:
            with override(language):
                files[page_name(place.card.code, language)] = _page(
                    found, place, below, language, is_drill
                )
        with override("id"):
            rows = list(_rows((place, *below), found.election.zone))
            silent = [
                _about(each, is_published=False) for each in (place, *below) if not each.report
            ]
            files[f"{place.card.code}.json"] = _json(found, rows, silent, is_drill)
            files[f"{place.card.code}.csv"] = _csv([*rows, *silent])
    return files


def index_files(provinces: Iterable[PlaceCard]) -> Files:
    """Return the list of provinces, and what the data mean, in both languages."""
    files = {STYLE: _style()}
    for language in LANGUAGES:
        with override(language):
            context: dict[str, Any] = {
                "provinces": [(card, page_name(card.code, language)) for card in provinces],
                "language": language,
                "others": [(other, index_name(other)) for other in LANGUAGES if other != language],
            }
            text = render_to_string("portal/index.html", context)
            files[index_name(language)] = text.encode()
            context |= {
                "columns": COLUMNS.items(),
                "licence": LICENCE,
                "places_licence": PLACES_LICENCE,
                "index": index_name(language),
                "others": [(other, data_name(other)) for other in LANGUAGES if other != language],
            }
            text = render_to_string("portal/data.html", context)
            files[data_name(language)] = text.encode()
    return files


def publish(found: Publication, *, is_drill: bool) -> int:
    """Write the files of a province and remove what is published no more; return how many changed.

    A district whose report was returned or unmarked has no page any more.
    """
    files = files_of(found, is_drill=is_drill)
    return write(files) + remove_all_but(files, under=found.province.card.code)


def remove_all_but(files: Iterable[str], *, under: PlaceCode) -> int:
    """Remove the files of a place and of everything in it that are not among `files`."""
    kept = {name + ending for name in files for ending in ("", ".br", ".gz")}
    stale = [path for path in folder().glob(f"{under}.*") if path.name not in kept]
    for path in stale:
        path.unlink(missing_ok=True)
    return sum(path.suffix not in (".br", ".gz") for path in stale)


def write(files: Files) -> int:
    """Write the files that changed, each compressed beside it; return how many.

    A reader sees the old file or the new one, never half of one.
    """
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, content in files.items():
        path = target / name
        if path.exists() and path.read_bytes() == content and _compressed(path):
            continue
        _put(target / f"{name}.br", brotli.compress(content))
        _put(target / f"{name}.gz", gzip.compress(content, mtime=0))
        _put(path, content)
        written += 1
    return written


def _compressed(path: Path) -> bool:
    return all(path.with_name(f"{path.name}.{ending}").exists() for ending in ("br", "gz"))


def _put(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _style() -> bytes:
    found = finders.find(f"portal/{STYLE}")
    return Path(str(found)).read_bytes()


def _page(
    found: Publication,
    place: PublicPlace,
    below: tuple[PublicPlace, ...],
    language: str,
    is_drill: bool,
) -> bytes:
    told = [a for a in areas.areas() if any(a.focus in p.statuses for p in (place, *below))]
    code = place.card.code
    context: dict[str, Any] = {
        "place": place,
        "election": found.election,
        "zone": found.election.zone.key,
        "areas": [area.name for area in told],
        "own": [
            (a.name, place.statuses[a.focus], place.left_out.get(a.focus, ""), _total(place, a))
            for a in told
            if a.focus in place.statuses
        ],
        "below": [
            (
                p,
                page_name(p.card.code, language),
                [(a.name, p.statuses.get(a.focus), _total(p, a)) for a in told],
            )
            for p in below
        ],
        "up": page_name(found.province.card.code, language) if not below else "",
        "province": found.province,
        "language": language,
        "others": [(other, page_name(code, other)) for other in LANGUAGES if other != language],
        "index": index_name(language),
        "data": data_name(language),
        "is_drill": is_drill,
    }
    return render_to_string("portal/place.html", context).encode()


def _total(place: PublicPlace, area: Area) -> str:
    """Return what an area counts of a place for everybody, in words; empty where it counts none."""
    if area.public_total is None or area.focus not in place.totals:
        return ""
    return total_text(area.public_total, place.totals[area.focus])


def _rows(found: Iterable[PublicPlace], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Yield a row for each public sentence, then each total; machines get codes beside the words.

    Times are those of the province's clock, as on the pages.
    """
    for place in found:
        if place.report is None:
            continue
        head = {
            **_about(place, is_published=True),
            "day": place.report.day.isoformat(),
            "as_of": place.report.submitted_at.astimezone(zone).isoformat(timespec="seconds"),
        }
        for sentence in place.report.sentences:
            yield {
                **head,
                "section": sentence.section,
                "area": sentence.focus.value if sentence.focus else "",
                "status": sentence.status.value if sentence.status else "",
                "figure": sentence.figure,
                "value": sentence.value,
                "of": sentence.of,
                "text": sentence.text,
                "corrected_at": sentence.corrected_at.isoformat(timespec="seconds")
                if sentence.corrected_at
                else "",
                "text_signed": sentence.text_signed,
            }
        for area in areas.areas():
            if text := _total(place, area):
                yield {
                    **head,
                    "section": "",
                    "area": area.focus.value,
                    "status": "",
                    "figure": f"{area.slice}.public_total",
                    "value": place.totals[area.focus],
                    "of": None,
                    "text": text,
                    "corrected_at": "",
                    "text_signed": "",
                }


def _about(place: PublicPlace, *, is_published: bool) -> dict[str, Any]:
    """Return what every row says of its place."""
    return {
        "place": place.card.code,
        "name": place.card.full_name,
        "responsible": place.holder.title if place.holder else "",
        "published": is_published,
    }


def _json(
    found: Publication,
    rows: list[dict[str, Any]],
    silent: list[dict[str, Any]],
    is_drill: bool,
) -> bytes:
    head = {
        "election": found.election.name,
        "vote_date": found.election.vote_date.isoformat(),
        "synthetic": is_drill,
        "licence": {"data": LICENCE, "places": PLACES_LICENCE},
        "columns": {name: str(meaning) for name, meaning in COLUMNS.items()},
        "rows": rows,
        "unpublished": silent,
    }
    return (json.dumps(head, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: list[dict[str, Any]]) -> bytes:
    sheet = Sheet(
        name="public",
        title="public",
        headings=list(COLUMNS),
        kinds=["text"] * len(COLUMNS),
        rows=[[_cell(row, column) for column in COLUMNS] for row in rows],
    )
    return "".join(csv_lines(sheet)).encode()


def _cell(row: dict[str, Any], column: str) -> Any:
    """Return a cell as spreadsheets keep it: 16.10 would be read as the number 16.1."""
    value = row.get(column, "")
    match column:
        case "place":
            return f"ID-{value}"
        case "published":
            return str(value).lower()
    return value
