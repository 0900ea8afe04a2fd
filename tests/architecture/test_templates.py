"""Every template obeys the content policy, speaks the reader's language and can be read."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from .house import SOURCE

LONGEST = 160

SAYS = frozenset(
    {"alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}
)
SAYS |= {"placeholder", "title", "label", "summary", "data-l", "data-done", "data-word"}
"""Attributes that people read: by the browser, by a screen reader, by the style sheets, by scripts."""

RUNS = re.compile(r"\s*javascript:", re.IGNORECASE)

AS_THEY_ARE = {
    "Serentak": "the name of the product",
    "Bahasa Indonesia": "a language in its own words",
    "English": "a language in its own words",
    **dict.fromkeys(("PDF", "DOCX", "XLSX", "CSV", "JSON"), "the name of a format"),
    **dict.fromkeys(("I", "II"), "a Roman numeral"),
}
"""Words that are the same for every reader, and why."""

NO_READER = {"platform:platform/kit.html"}
"""Shown while debugging only, to those who build with the kit."""

_OPAQUE = re.compile(
    r"(?:(?P<word>blocktrans|blocktranslate|comment)\b|(?P<block>block) \w+_class\b)"
)
"""Tags whose content says nothing by itself: translated, a comment, names of CSS classes."""

_LITERAL = re.compile(
    r"""(?:\|(?:default|default_if_none|yesno|add|join):|(?<=firstof)\s.*?)(?<!_\()(["'])(.*?)\1"""
)
_PLACE = "\N{REPLACEMENT CHARACTER}"
"""Stands where a variable or a translated text stands; no letter."""

_OR = "\x1f"
"""Stands between what is said in two cases; no letter."""


def templates() -> list[Path]:
    """Return every template of the house, wherever it lies."""
    inside = {p for p in SOURCE.glob("**/templates/**/*") if p.is_file()}
    return sorted(inside | set(SOURCE.rglob("*.html")))


class _Reader(HTMLParser):
    """Collects the faults of markup from which template tags were taken out.

    What names its own language (`lang="id"`) is meant for those who read that language.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[tuple[int, str]] = []
        self.text: list[tuple[int, str]] = []
        self.foreign: list[str] = []

    def fault(self, what: str) -> None:
        self.faults.append((self.getpos()[0], what))

    def says(self, text: str) -> None:
        if not self.foreign:
            self.text += [(self.getpos()[0], part) for part in text.split(_OR)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in given):
            self.fault(f"inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")) or RUNS.match(value):
                self.fault(f"inline {name}=")
            elif name in SAYS:
                self.says(value)
        if tag == "input" and given.get("type") in {"submit", "reset", "button"}:
            self.says(given.get("value", ""))
        if tag == "meta" and given.get("name") in {"description", "author", "application-name"}:
            self.says(given.get("content", ""))
        if tag != "html" and (tag in self.foreign or (given.get("lang") or _PLACE).isascii()):
            self.foreign.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.foreign:
            self.foreign.remove(tag)

    def handle_data(self, data: str) -> None:
        self.says(data)


def _markup(source: str) -> str:
    """Return the markup without its template tags, line by line, with what their literals say."""
    markup, until = [], ""
    for token in Lexer(source).tokenize():
        content, kind = token.contents, token.token_type
        word = content.partition(" ")[0]
        if until or kind is TokenType.COMMENT:
            markup.append("\n" * content.count("\n"))
            until = "" if kind is TokenType.BLOCK and word == until else until
        elif kind is TokenType.TEXT:
            markup.append(content)
        elif kind is TokenType.BLOCK and (found := _OPAQUE.match(content)):
            until = f"end{found['word'] or found['block']}"
        else:
            literals = (html.escape(said[2]) for said in _LITERAL.finditer(content))
            between = f" {_OR} " if word in {"else", "elif", "empty"} else " "
            markup.append(between if kind is TokenType.BLOCK else _PLACE)
            markup += [f"{_OR}{said}{_OR}" for said in literals]
    return "".join(markup)


def _untranslated(text: str) -> bool:
    said = " ".join(text.replace(_PLACE, " ").split())
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", said)
    return any(c.isalpha() for c in bare) and bare not in AS_THEY_ARE


def inline(source: str) -> list[str]:
    """Return what the content policy would refuse: scripts, styles and handlers in the page."""
    reader = _Reader()
    reader.feed(_markup(source))
    return [f"{line}: {what}" for line, what in reader.faults]


def untranslated(source: str) -> list[str]:
    """Return texts and read attributes that stand there in one language."""
    reader = _Reader()
    reader.feed(_markup(source))
    reader.close()
    return [
        f"{line}: {' '.join(text.split())}" for line, text in reader.text if _untranslated(text)
    ]


def too_long(source: str) -> Iterator[str]:
    """Yield the lines nobody can read."""
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > LONGEST:
            yield f"{number}: {len(line)} characters"


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE)).replace("/templates/", ":")


@pytest.mark.parametrize("path", templates(), ids=_name)
def test_a_template_holds_nothing_inline(path: Path) -> None:
    assert inline(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [p for p in templates() if _name(p) not in NO_READER], ids=_name)
def test_all_that_a_template_says_can_be_translated(path: Path) -> None:
    assert untranslated(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", templates(), ids=_name)
def test_no_line_of_a_template_is_too_long(path: Path) -> None:
    assert list(too_long(path.read_text("utf-8"))) == []


def test_templates_of_every_kind_are_found() -> None:
    found = {_name(path) for path in templates()}
    assert {"desk:desk/place.html", "platform:platform/forms/_field.html"} <= found
    assert any(name.endswith(".txt") for name in found)


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("<p>\n<script>go()</script></p>", "2: inline <script>"),
        ('<script type="module">{{ code }}</script>', "1: inline <script>"),
        ("<style>p { color: red }</style>", "1: inline <style>"),
        ("<p\n style='{{ colour }}'>", "1: inline style="),
        ("{% if a %}<b {% if b %}STYLE=''{% endif %}>{% endif %}", "1: inline style="),
        ('<a onclick="go()">', "1: inline onclick="),
        ("<svg onload=go()></svg>", "1: inline onload="),
        ('<p hx-on:click="go()">', "1: inline hx-on:click="),
        ('<a href=" JavaScript:go()">', "1: inline href="),
    ],
)
def test_inline_code_is_caught(planted: str, fault: str) -> None:
    assert inline(planted) == [fault]


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Late</p>",
        "{{ n }} days",
        "<p>{% translate 'Late' %} since {{ day }}</p>",
        "{% if late %}Late{% else %}{{ word }}{% endif %}",
        "{% block title %}Kit{% endblock %}",
        "<title>Desk – Serentak</title>",
        "{% blocktranslate %}a{% endblocktranslate %} of",
        "<p>&eacute;t&eacute;</p>",
        '<nav aria-label="Place">',
        '<a title="{{ name }} here">',
        '<td data-l="Due">',
        "<input placeholder='Name'>",
        '<img alt="{% if a %}A map{% endif %}">',
        '<input type="submit" value="Send">',
        '<meta name="description" content="The election">',
        '{{ name|default:"nobody" }}',
        "{{ late|yesno:'late,in time' }}",
        '{% firstof name "nobody" %}',
        "{% status s word=name|default:'nobody' %}",
        '<html lang="id"><p>Telat</p></html>',
        '<p lang="id">Telat <b>hari</b></p><p>Telat</p>',
        '<p lang="{{ language }}">Telat</p>',
        "{% if a %}Serentak{% else %}Together{% endif %}",
    ],
)
def test_text_in_one_language_is_caught(planted: str) -> None:
    assert len(untranslated(planted)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "<p>{% translate 'Late' %}: {{ day }} – 12 · (…)</p>",
        "{% blocktranslate count n=n %}\n{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
        "{# a word to those who build #}{% comment %}another{% endcomment %}<!-- a third -->",
        '<p class="late" id="due" data-s="{% if a %}late{% else %}ok{% endif %}">',
        "<a aria-label=\"{% translate 'Sort' %}: {{ name }}\">Serentak</a>, <b>CSV</b>",
        '{{ day|day:"short" }}{{ name|default:"–" }}{{ name|default:_("nobody") }}',
        '{% include "a/_b.html" with kind="late" %}{% url "a:b" %}{% if a == "LATE" %}{% endif %}',
        '{% firstof name "Serentak" %}<script src="a.js"></script>',
        "<a href=\"{{ url|default:'index.html' }}\">{{ name }}</a>",
        '{% block body_class %}desk{% endblock %}<p lang="id">Yth. <p>Bupati</p></p>',
        "{% if code == 'id' %}Bahasa Indonesia{% else %}English{% endif %}",
    ],
)
def test_what_needs_no_translation_passes(planted: str) -> None:
    assert untranslated(planted) == []
    assert inline(planted) == []


def test_a_line_that_is_too_long_is_caught() -> None:
    assert list(too_long(f"<p>\n{'x' * LONGEST}\n{'x' * (LONGEST + 1)}")) == ["3: 161 characters"]
