"""Taking over a new list of stations and voters, with what it changes shown before."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.logistics import actions, words
from serentak.logistics.forms import TakeOverForm
from serentak.logistics.permissions import TAKE_OVER_NEEDS
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.catalogues import item
from serentak.logistics.queries.needs import Outlook, outlook
from serentak.logistics.rules.needs import Change
from serentak.platform.access import requires
from serentak.platform.web.formats import number
from serentak.platform.web.forms import carried_out, render_form
from serentak.platform.web.tables import Column, Kind, Table

from .heads import head

_NAMED = 4
"""Items that the sentence names; the table below has all."""

CHANGES: tuple[Column[Change], ...] = (
    Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
    Column("before", gettext_lazy("Needed until now"), lambda row: row.before, Kind.NUMBER),
    Column("after", gettext_lazy("Needed then"), lambda row: row.after, Kind.NUMBER),
    Column("more", gettext_lazy("Difference"), lambda row: row.more, Kind.NUMBER),
)


@requires(TAKE_OVER_NEEDS)
def take_over(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what the list as it stands now would change, and take it over."""
    if level_of(place) is not Level.PROVINCE:
        raise Http404
    form = TakeOverForm(request.POST or None)
    done = carried_out(
        request,
        form,
        lambda client_key, version, reason, actor, at: actions.take_over_needs(
            client_key=client_key, province=place, seen=version, reason=reason, actor=actor, at=at
        ),
        done=lambda number: _("Needs are counted from list %(number)s.") % {"number": number},
        to=reverse("logistics:place", args=[place]),
    )
    if done:
        return done
    found = outlook(place)
    form.initial["version"] = found.before.number if found.before else 0
    table = Table(
        name="changes",
        title=_("What changes"),
        columns=CHANGES,
        rows=found.changes,
        group=lambda row: catalogues.group_text(row.what),
        page_size=100,
        empty=_("No item is needed more or less."),
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    context = {
        **head(place, _("Take over needs")),
        "found": found,
        "said": sentence(found),
        "table": table,
        "button": _("Count needs from this list"),
    }
    if not form.is_bound and (found.is_as_before or not found.stations):
        return render(request, "logistics/needs_as_before.html", context)
    return render_form(request, "logistics/needs.html", form, context)


def sentence(found: Outlook) -> str:
    """Return `21 more stations, 8,400 more voters: +42 ballot box, …`."""
    stations, voters = found.more_stations, found.more_voters
    parts = [
        _text(
            stations,
            ngettext("%(n)s more station", "%(n)s more stations", abs(stations)),
            ngettext("%(n)s station fewer", "%(n)s stations fewer", abs(stations)),
        ),
        _text(
            voters,
            ngettext("%(n)s more voter", "%(n)s more voters", abs(voters)),
            ngettext("%(n)s voter fewer", "%(n)s voters fewer", abs(voters)),
        ),
    ]
    whole = ", ".join(part for part in parts if part) or _("Stations and voters as before")
    named = [c for c in found.changes if (one := item(c.what.item)) and one.group == "VOTING"]
    items = [f"{words.more_text(c.more)} {catalogues.what_text(c.what)}" for c in named[:_NAMED]]
    if not items:
        return f"{whole}."
    rest = len(found.changes) - len(items)
    more = ngettext("%(n)s item more", "%(n)s items more", rest) % {"n": number(rest)}
    return f"{whole}: {'; '.join([*items, more] if rest else items)}."


def _text(amount: int, more: str, fewer: str) -> str:
    return (more if amount > 0 else fewer) % {"n": number(abs(amount))} if amount else ""
