"""How the cells of an activity look: its name, dates, amount and status."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from serentak.kernel.briefing import FigureClass
from serentak.kernel.status import Status
from serentak.platform.web import marks
from serentak.platform.web.formats import NOTHING, countdown, day, first_day, number
from serentak.readiness.queries.overview import Grouped
from serentak.readiness.queries.plan import Planned
from serentak.readiness.rules.states import TargetState

Row = Planned | Grouped


def name(row: Row) -> SafeString:
    """Draw what it is, whether it is critical or made up, and why it stands where it stands."""
    critical = synthetic = why = SafeString()
    if isinstance(row, Planned) and row.is_critical:
        critical = format_html(' <span class="tag">{}</span>', _("critical"))
    if row.figure_class == FigureClass.SYNTHETIC:
        synthetic = format_html(" {}", marks.figure_class(FigureClass.SYNTHETIC))
    if row.why:
        why = format_html('<p class="hint">{}</p>', row.why)
    url = reverse("readiness:activity", args=[row.place, row.key])
    return format_html('<a href="{}">{}</a>{}{}{}', url, row.name, critical, synthetic, why)


def target(row: Row) -> SafeString:
    """Draw the target, whether nobody has agreed to it yet, and what was agreed at first."""
    state = SafeString()
    if isinstance(row, Planned) and row.target_state == TargetState.PROPOSED:
        state = format_html(' <span class="tag">{}</span>', pgettext("target", "proposed"))
    elif row.first_date:
        state = format_html('<br><span class="muted xs">{}</span>', first_day(row.first_date))
    return format_html(
        '<span>{}<br><span class="muted xs rest">{}</span>{}</span>',
        countdown(row.target_date, row.vote_date),
        day(row.target_date, "short"),
        state,
    )


def finish(row: Row) -> SafeString:
    """Draw the forecast."""
    if row.finish_date is None:
        return format_html("<span>{}</span>", NOTHING)
    return format_html(
        '<span>{}<br><span class="muted xs">{}</span></span>',
        countdown(row.finish_date, row.vote_date),
        day(row.finish_date, "short"),
    )


def slack(row: Row) -> SafeString:
    """Draw how many days are left to the deadline."""
    return format_html("<span>{}</span>", NOTHING if row.slack is None else row.slack_words)


def done(row: Row) -> SafeString:
    """Draw how much is done of how much."""
    return format_html(
        '<span>{}{}<span class="muted xs"> / {}<br> {}</span></span>',
        marks.progress_bar(row.done_share, None, row.status),
        number(row.done_quantity),
        number(row.target_quantity),
        row.unit,
    )


def status(row: Row) -> SafeString:
    """Draw the status, and whether a report is overdue where it does not say so itself."""
    if row.status is None:
        return format_html('<span class="tag">{}</span>', pgettext("activity", "dropped"))
    shown = marks.status(row.status)
    if not row.silent or row.status is Status.NO_REPORT:
        return shown
    return format_html('{}<br><span class="muted xs">{}</span>', shown, _("report overdue"))
