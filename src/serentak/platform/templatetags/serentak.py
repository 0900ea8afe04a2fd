"""Tags and filters of every template: status marks, numbers, dates, charts, tables."""

from collections.abc import Iterable
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from serentak.kernel.briefing import Alert, DeadlineKind, Figure, Why
from serentak.kernel.codes import COUNTRY, PlaceCode, parse_code
from serentak.kernel.status import WORST_FIRST, Status
from serentak.platform.access import may_open, viewer_of
from serentak.platform.audit import HistoryEntry
from serentak.platform.reading import keep_drawn
from serentak.platform.web import formats, marks
from serentak.platform.web.vocabulary import (
    DEADLINE_WORD,
    STATUS_KEY,
    STATUS_LETTER,
    STATUS_WORD,
    level_word,
)
from serentak.platform.words import event_facts, press_text, why_text, word

register = template.Library()

register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("share", formats.share)
register.filter("day", formats.day)
register.filter("clock_time", formats.clock_time)
register.filter("moment", formats.moment)
register.filter("countdown", formats.countdown)
register.filter("file_size", formats.file_size)
register.filter("margin", formats.days_of_margin)

register.simple_tag(marks.mark)
register.simple_tag(marks.status)
register.simple_tag(marks.figure_class)
register.simple_tag(marks.progress_bar)


@register.simple_tag
def due(value: date | None, today: date, vote_date: date) -> str:
    """`{% due day today vote_date %}`: H-28, or by how much it is overdue."""
    return formats.due(value, today=today, vote_date=vote_date)


@register.simple_tag
def target_day(value: date, first: date | None = None) -> str:
    """`{% target_day day first %}`: target 29 Oct, first 24 Oct."""
    return formats.target_day(value, first)


@register.simple_tag
def day_span(start: date, end: date, style: str = "short") -> str:
    """`{% day_span start end %}`: 25 Sep–23 Nov."""
    return formats.day_span(start, end, style)


@register.simple_tag
def time_of(value: datetime, zone: str | None = None) -> SafeString:
    """`{% time_of at %}`: a `<time>` element with day, time and zone."""
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value, zone)
    )


@register.filter
def status_key(value: Status | str) -> str:
    """What stands in `data-s`: `done`, `ok`, `risk`, `late`, `none`."""
    return STATUS_KEY[Status(value)]


@register.filter
def status_word(value: Status | str) -> str:
    """The status as a word."""
    return str(STATUS_WORD[Status(value)])


@register.inclusion_tag("platform/_status_legend.html")
def status_legend() -> dict[str, Any]:
    """`{% status_legend %}`: the five marks with letter and word."""
    return {"rows": [(STATUS_KEY[s], STATUS_LETTER[s], STATUS_WORD[s]) for s in WORST_FIRST]}


@register.filter
def deadline_word(value: DeadlineKind | str) -> str:
    """Legal, physical or administrative."""
    return str(DEADLINE_WORD[DeadlineKind(value)])


@register.filter("level_word")
def level_word_of(code: str) -> str:
    """Province, regency or city, district, village or urban village, polling station."""
    return str(level_word(parse_code(code)))


@register.filter
def alert_sentence(alert: Alert) -> str:
    """What needs somebody, in one sentence."""
    return word("ALERTS", alert.code, alert.params)


@register.filter
def alert_consequence(alert: Alert) -> str:
    """What hangs on an alert; empty where its slice does not say."""
    return word("ALERTS", alert.so, alert.params) if alert.so else ""


@register.filter
def why(said: Iterable[Why]) -> str:
    """Why a place stands as it does: `{{ briefing.why|why }}`."""
    return " ".join(map(why_text, said))


@register.filter
def alert_press(alert: Alert) -> str:
    """Why an alert stands where it stands: what is at stake, how long acting helps."""
    return press_text(alert.press)


@register.filter
def alert_help(alert: Alert) -> str:
    """What would help; empty where its slice does not say."""
    return word("ALERTS", alert.helps, alert.params) if alert.helps else ""


@register.filter
def event_sentence(entry: HistoryEntry) -> str:
    """What was done, in one sentence."""
    facts = event_facts(entry.name, entry.facts)
    return word("EVENTS", entry.name, {k: formats.fact(v) for k, v in facts.items()})


@register.filter
def figure_amount(figure: Figure) -> str:
    """The figure's value, with what it divides by: `12 of 81`, `60 % of 5`."""
    amount = formats.number(figure.value)
    if figure.unit == "%" and figure.value is not None:
        amount = formats.percent(figure.value)
    if figure.value is None or figure.of is None:
        return amount
    return _("%(value)s of %(of)s") % {"value": amount, "of": formats.number(figure.of)}


@register.filter
def figure_words(figure: Figure) -> str:
    """What a figure counts."""
    return word("FIGURES", figure.code)


@register.simple_tag(takes_context=True)
def place_steps(context: Context, cards: Iterable[Any]) -> SafeString:
    """`{% place_steps path %}`: a `<li>` for each place, a link where the viewer may go."""
    return steps(context, ((card.name, f"/{card.code}/") for card in cards if card.code))


@register.simple_tag(takes_context=True)
def steps(context: Context, crumbs: Iterable[tuple[str, str]]) -> SafeString:
    """`{% steps head.steps %}`: a `<li>` for each name, a link where the viewer may go."""
    viewer = viewer_of(context["request"])
    return format_html_join(
        "",
        "<li>{}</li>",
        (
            (format_html('<a href="{}">{}</a>', url, name) if may_open(viewer, url) else name,)
            for name, url in crumbs
        ),
    )


@register.simple_tag(takes_context=True)
def chart(context: Context, figure: Any, css: str = "") -> SafeString:
    """`{% chart figure %}`: a chart of `platform.web.charts` with its text twin."""
    return _rendered(context, figure.template, {"chart": figure.layout(), "css": css})


@register.simple_tag(takes_context=True)
def table(context: Context, shown: Any) -> SafeString:
    """`{% table t %}`: a bound table of `platform.web.tables` with its filters and pages."""
    return _rendered(context, shown.template, {"table": shown})


def _rendered(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    found = context.template.engine.get_template(name) if context.template else None
    if found is None:
        raise template.TemplateSyntaxError("a chart or table is drawn inside a template only")
    with context.push(**values):
        return found.render(context)


@register.tag("kept")
def kept_part(parser: Parser, token: Token) -> "_Kept":
    """`{% kept %}…{% endkept %}`: drawn again only when a deed or a minute changes its page.

    What stands inside is drawn for all with the same grants who read the page at its address: it
    tells nothing of the account, its session or its messages. It stands in no loop.
    """
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(nodes)


class _Kept(Node):
    """A part of a page; where a form needs its reader's own token, it is kept with a gap."""

    GAP = token_hex(16)
    """Stands for the token in a kept part; no page shows it."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        request: HttpRequest = context["request"]
        match = request.resolver_match

        def draw() -> str:
            with context.push(csrf_token=self.GAP):
                return self.nodelist.render(context)

        if match is None:
            drawn = draw()
        else:
            drawn = keep_drawn(
                (request.get_full_path(), viewer_of(request), self),
                draw,
                of=match.func,
                place=PlaceCode(match.kwargs.get("place", COUNTRY)),
            )
        return SafeString(drawn.replace(self.GAP, str(context.get("csrf_token", ""))))
