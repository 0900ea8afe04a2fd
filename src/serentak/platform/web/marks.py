"""Small marks beside words and numbers, drawn alike by templates and by the cells of tables."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from serentak.kernel.briefing import FigureClass
from serentak.kernel.status import Status

from .charts.scale import coordinate
from .vocabulary import FIGURE_CLASS_WORD, STATUS_KEY, STATUS_LETTER, STATUS_WORD

_BAR = 64.0
"""The width of a bar in its own units."""


def mark(value: Status | str) -> SafeString:
    """Return the shape alone, hidden from screen readers; a word must stand by."""
    key = STATUS_KEY[Status(value)]
    return format_html(
        '<svg class="mark" data-s="{}" aria-hidden="true"><use href="#s-{}"/></svg>', key, key
    )


def status(value: Status | str, word: object = "", *, short: bool = False) -> SafeString:
    """Return mark and word; `word` says it otherwise, `short` shows the letter."""
    known = Status(value)
    key, said = STATUS_KEY[known], word or STATUS_WORD[known]
    if short:
        letter = STATUS_LETTER[known]
        said = format_html(
            '<span aria-hidden="true">{}</span> <span class="vh">{}</span>', letter, said
        )
    return format_html(
        '<span class="st" data-s="{}"><svg class="mark" aria-hidden="true">'
        '<use href="#s-{}"/></svg> {}</span>',
        key,
        key,
        said,
    )


def figure_class(value: FigureClass | str) -> SafeString:
    """Return a tag for what is assumed or synthetic; nothing for the sourced."""
    known = FigureClass(value)
    if known is FigureClass.SOURCED:
        return SafeString()
    css = "tag syn" if known is FigureClass.SYNTHETIC else "tag"
    return format_html('<span class="{}">{}</span>', css, FIGURE_CLASS_WORD[known])


def progress_bar(
    share: float | None, target: float | None = None, status: Status | str | None = None
) -> SafeString:
    """Return a bar for a share from 0 to 1, with a line at the target.

    It is hidden from screen readers: the number must stand by.
    """
    line = ""
    if target is not None:
        at = coordinate(min(max(target, 0.0), 1.0) * (_BAR - 1))
        line = format_html('<path class="p" d="M{} 0h1v8h-1z"/>', at)
    return format_html(
        '<svg class="pb" viewBox="0 0 64 8"{} aria-hidden="true">'
        '<rect class="g" width="64" height="8"/><rect class="v" width="{}" height="8"/>{}</svg>',
        format_html(' data-s="{}"', STATUS_KEY[Status(status)]) if status else "",
        coordinate(_BAR * min(max(share or 0.0, 0.0), 1.0)),
        line,
    )
