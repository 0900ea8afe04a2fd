"""Finds the strings that people see, brings the translations up to date, and says what is wrong.

Strings live in a slice's Python and templates; each slice has its own ``locale``. Templates are
turned into Python by Django itself, so that Babel can read them and no gettext is needed.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from serentak.config import house
from serentak.config.translations import PACKAGE

LANGUAGE = "id"

KEYWORDS: dict[str, Any] = {
    name: spec
    for base, spec in (
        ("gettext", None),
        ("ngettext", (1, 2)),
        ("pgettext", ((1, "c"), 2)),
        ("npgettext", ((1, "c"), 2, 3)),
    )
    for name in (base, f"{base}_lazy")
} | {"_": None, "gettext_noop": None}

# What a translation must keep: %(name)s and %s, and {name}.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

# Indonesian has one form for any number.
HEADERS = [
    ("Language", LANGUAGE),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]

Identity = tuple[str | None, str]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a translation, and where."""

    file: Path
    message: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}: {self.message!r}"


def slices(package: Path = PACKAGE) -> list[Path]:
    """The folders with words of their own: the slices, and the frame but for the plain kernel."""
    return sorted(package / name for name in (*house.slices(package), "config", "platform"))


def translation_file(folder: Path) -> Path:
    """Where a slice keeps its Indonesian."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def extract(folder: Path) -> Catalog:
    """The strings of one slice, in the order of files and lines."""
    catalog = Catalog(domain="django", project="serentak", charset="utf-8")
    found = extract_from_dir(
        folder,
        method_map=[
            ("**/tests/**", "ignore"),
            ("**/migrations/**", "ignore"),
            ("**.py", "python"),
            ("**/templates/**", "serentak.config.messages:extract_template"),
        ],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, _, text, comments, context in found:
        catalog.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def extract_template(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Read a Django template as Babel reads Python."""
    python = templatize(file.read().decode())
    # What is left of the markup is no indentation.
    flat = "\n".join(line.lstrip() for line in python.splitlines())
    yield from extract_python(BytesIO(flat.encode()), keywords, comment_tags, options)


def update(package: Path = PACKAGE, *, only: Collection[str] | None = None) -> list[Path]:
    """Bring each slice's file to the strings in use, keeping what is translated; changed files.

    ``only`` names the slices, None means all.
    A string that another slice has translated already is taken over from there.
    """
    known = {
        _identity(message): message.string
        for folder in slices(package)
        for message in _read(folder)
        if _is_translated(message)
    }
    changed = []
    for folder in slices(package):
        if only is not None and folder.name not in only:
            continue
        strings = extract(folder)
        file = translation_file(folder)
        if not len(strings) and not file.exists():
            continue
        catalog = _empty()
        old = _read(folder)
        for message in strings:
            if message.id:
                before = old.get(message.id, message.context)
                kept = before.string if before and _is_translated(before) else None
                catalog.add(
                    message.id,
                    kept or known.get(_identity(message), ""),
                    locations=message.locations,
                    flags=message.flags,
                    auto_comments=message.auto_comments,
                    user_comments=before.user_comments if before else (),
                    context=message.context,
                )
        text = _as_text(catalog)
        if not file.exists() or file.read_text("utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            changed.append(file)
    return changed


def _as_text(catalog: Catalog) -> str:
    output = BytesIO()
    # Neither dates nor line numbers, so that two people's changes seldom meet.
    write_po(output, catalog, width=100, omit_header=True, include_lineno=False)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS)
    return f'msgid ""\nmsgstr ""\n{header}\n{output.getvalue().decode().strip()}\n'


def _empty() -> Catalog:
    catalog = Catalog(locale=LANGUAGE, domain="django")
    catalog.mime_headers = HEADERS
    return catalog


def check(package: Path = PACKAGE, *, only: Collection[str] | None = None) -> list[Fault]:
    """All faults: missing, uncertain or no longer used, placeholders that differ, two wordings.

    ``only`` names the slices, None means all.
    """
    faults: list[Fault] = []
    wordings: dict[Identity, tuple[Any, Path]] = {}
    for folder in slices(package):
        file = translation_file(folder)
        shown = file.relative_to(package.parent)
        strings = {_identity(message) for message in extract(folder) if message.id}
        translated = {_identity(message): message for message in _read(folder) if message.id}
        for what, identities in (
            ("not translated", strings - translated.keys()),
            ("no longer used", translated.keys() - strings),
        ):
            faults += [
                Fault(file=shown, message=_shown(identity), what=what)
                for identity in sorted(identities, key=str)
            ]
        for identity, message in translated.items():
            for what in _faults_of(message):
                faults.append(Fault(file=shown, message=_shown(identity), what=what))
            earlier, where = wordings.setdefault(identity, (message.string, shown))
            if earlier != message.string:
                faults.append(
                    Fault(file=shown, message=_shown(identity), what=f"worded otherwise in {where}")
                )
    return [fault for fault in faults if only is None or fault.file.parts[1] in only]


def _faults_of(message: Message) -> Iterator[str]:
    if not _is_translated(message):
        yield "not translated"
        return
    if message.fuzzy:
        yield "uncertain (fuzzy)"
    for text in _texts(message.string):
        if _placeholders(text) not in [_placeholders(source) for source in _texts(message.id)]:
            yield "placeholders differ"


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(text) for text in value]


def _is_translated(message: Message) -> bool:
    return bool(message.id) and bool(message.string) and all(_texts(message.string))


def _identity(message: Message) -> Identity:
    return (message.context, _texts(message.id)[0])


def _shown(identity: Identity) -> str:
    context, text = identity
    return f"{text} ({context})" if context else text


def _read(folder: Path) -> Catalog:
    file = translation_file(folder)
    if not file.exists():
        return _empty()
    with file.open("rb") as opened:
        return read_po(opened, locale=LANGUAGE, domain="django", ignore_obsolete=True)
