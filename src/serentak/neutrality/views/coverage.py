"""Circulars, pledges, services and replaced officials: how they are entered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serentak.kernel.century import read_day
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Refused
from serentak.neutrality import actions, importers, words
from serentak.neutrality.actions import GivenService
from serentak.neutrality.forms import CircularForm, ReplacementForm
from serentak.neutrality.permissions import (
    ISSUE_CIRCULAR,
    RECORD_PLEDGES,
    RECORD_REPLACEMENT,
    REPORT_SERVICES,
)
from serentak.neutrality.queries import catalogues, coverage
from serentak.neutrality.queries.coverage import ServiceLine
from serentak.neutrality.rules.standing import LONGEST_LINE, GivenPledges, ServiceLevel
from serentak.platform import clock
from serentak.platform.access import requires, signed_in, viewer_of
from serentak.platform.sheets import Problem, SheetRow
from serentak.platform.web.formats import number
from serentak.platform.web.forms import UNPROCESSABLE, form_page
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken
from serentak.platform.words import refusal_text

from .overview import head

# --- circulars


@requires(ISSUE_CIRCULAR)
def issue_circular(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Send a circular that was signed to the region's agencies."""
    if level_of(place) >= Level.DISTRICT or not coverage.answers_for(
        viewer_of(request), ISSUE_CIRCULAR, place
    ):
        raise Http404
    today = catalogues.today_at(place, clock.now())
    form = CircularForm(request.POST or None, initial={"issued_date": today})
    about = _("It goes to the region's own agencies, and each acknowledges it here.")
    return form_page(
        request,
        form,
        lambda client_key, **given: actions.issue_circular(key=client_key, place=place, **given),
        {**head(place, _("Send a circular"), about=about), "button": _("Send")},
        done=lambda count: (
            ngettext("Sent to %(n)s agency.", "Sent to %(n)s agencies.", count)
            % {"n": number(count)}
        ),
        to=lambda _count: reverse("neutrality:circular", args=[form.cleaned_data["client_key"]]),
    )


@signed_in
def circular(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a circular with who has acknowledged it, to its region and to who received it."""
    page = coverage.circular_page(key, viewer_of(request), clock.now())
    if page is None:
        raise Http404
    return render(
        request, "neutrality/circular.html", {**head(page.place, page.line.title), "page": page}
    )


@signed_in
@require_POST
def acknowledge_circular(request: HttpRequest, key: UUID, agency_id: int) -> HttpResponse:
    """Acknowledge a circular for one's agency; a second click changes nothing."""
    if actions.acknowledge_circular(
        key=key, agency_id=agency_id, actor=viewer_of(request), at=clock.now()
    ):
        messages.success(request, _("The circular was acknowledged."))
    else:
        messages.info(request, _("It was acknowledged before."))
    return redirect("neutrality:circular", key)


# --- pledges


class PledgeImport(ImportView):
    """Takes over how many have signed from a sheet."""

    title = gettext_lazy("Import pledges")
    about = gettext_lazy(
        "A sheet with a row for each agency: staff, and how many have signed. An agency that the "
        "sheet leaves out stays as it is."
    )
    columns = importers.COLUMNS

    @property
    def place(self) -> PlaceCode:
        """Of which region."""
        return PlaceCode(self.kwargs["place"])

    def check_access(self) -> None:
        """Exist for provinces and regencies, which have agencies of their own."""
        if level_of(self.place) >= Level.DISTRICT or not coverage.answers_for(
            self.viewer, RECORD_PLEDGES, self.place
        ):
            raise Http404

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Name what is wrong in all rows."""
        if not rows:
            return [Problem(None, "signed", "neutrality.list_is_empty")]
        return self._read(rows).problems

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the region's agencies."""
        return [{"agency": agency.name} for agency in coverage.agencies_of(self.place)]

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say what each agency's numbers become, so that a digit too many is seen."""
        known = {line.agency_id: line for line in coverage.pledge_lines(self.place)}
        found = self._read(rows).rows
        facts = [_pledge_outlook(known[row.agency_id], row) for row in found[:OUTLOOK_LINES]]
        if more := len(found) - len(facts):
            facts.append(Outlook(_("Further agencies"), number(more)))
        return facts

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Record the pledges."""
        count = actions.record_pledges(
            place=self.place,
            rows=self._read(rows).rows,
            as_of_date=self._as_of(),
            source=self.given.get("source", "").strip() or held.file_name[:LONGEST_LINE],
            actor=self.viewer,
            at=clock.now(),
        )
        text = ngettext(
            "Pledges of %(n)s agency were recorded.", "Pledges of %(n)s agencies were recorded.",
            count,
        )  # fmt: skip
        path = reverse("neutrality:overview", args=[self.place]) + "#pledges"
        return Taken(path, text % {"n": number(count)})

    def context(self) -> Mapping[str, Any]:
        """Show the place, the source and its date."""
        return {
            **head(self.place, self.title, about=self.about),
            "extra": "neutrality/_import_source.html",
            "source": self.given.get("source", ""),
            "as_of": self._as_of_text(),
        }

    def _as_of(self) -> date:
        try:
            return read_day(self._as_of_text())
        except ValueError:
            raise Refused("neutrality.as_of_is_no_day", field="as_of_date") from None

    def _as_of_text(self) -> str:
        """Return the day as it was written; today unless another one was."""
        today = catalogues.today_at(self.place, clock.now())
        return self.given.get("as_of", "") or today.isoformat()

    def _read(self, rows: Sequence[SheetRow]) -> importers.ReadPledges:
        return importers.read_pledges(rows, agencies=coverage.agencies_of(self.place))


OUTLOOK_LINES = 100


def _pledge_outlook(known: coverage.PledgeLine, given: GivenPledges) -> Outlook:
    now = _("%(signed)s of %(staff)s signed") % {
        "signed": number(given.signed),
        "staff": number(given.staff),
    }
    if known.signed is None or known.staff is None:
        return Outlook(known.agency, now)
    before = _("%(signed)s of %(staff)s") % {
        "signed": number(known.signed),
        "staff": number(known.staff),
    }
    return Outlook(known.agency, f"{before} → {now}")


import_pledges = requires(RECORD_PLEDGES)(PledgeImport.as_view())


# --- services


@requires(REPORT_SERVICES)
def report_services(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Report today's services: one tap where all are open, else line by line."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    viewer, at = viewer_of(request), clock.now()
    lines = [line for line in coverage.service_lines(place, viewer, at) if line.may_report]
    refusal, field = "", ""
    if request.method == "POST":
        rows = _sent(request, lines)
        try:
            count = actions.report_services(place=place, rows=rows, actor=viewer, at=at)
        except Refused as refused:
            refusal, field = refusal_text(refused), refused.field or ""
        else:
            text = ngettext("%(n)s service was reported.", "%(n)s services were reported.", count)
            messages.success(request, text % {"n": number(count)})
            return redirect("neutrality:services", place)
    context = {
        **head(place, _("Report services")),
        "today": catalogues.today_at(place, at),
        "lines": [_shown(request, line) for line in lines],
        "levels": [(level.value, words.SERVICE_LEVELS[level]) for level in ServiceLevel],
        "refusal": refusal,
        "field": field,
    }
    status = UNPROCESSABLE if refusal else 200
    return render(request, "neutrality/services.html", context, status=status)


def _sent(request: HttpRequest, lines: Sequence[ServiceLine]) -> list[GivenService]:
    if request.POST.get("send") == "all_open":
        return [GivenService(line.agency_id, ServiceLevel.OPEN) for line in lines]
    rows = []
    for line in lines:
        chosen = request.POST.get(f"level_{line.agency_id}", "")
        if chosen in ServiceLevel.__members__:
            reason = request.POST.get(f"reason_{line.agency_id}", "").strip()
            level = ServiceLevel(chosen)
            rows.append(
                GivenService(line.agency_id, level, "" if level is ServiceLevel.OPEN else reason)
            )
    return rows


def _shown(request: HttpRequest, line: ServiceLine) -> dict[str, Any]:
    """Return a line as sent, or as it was reported today."""
    stored = line.level.value if line.level and line.reported_today else ""
    return {
        "line": line,
        "id": str(line.agency_id),
        "chosen": request.POST.get(f"level_{line.agency_id}", stored),
        "reason": request.POST.get(
            f"reason_{line.agency_id}", line.reason if line.reported_today else ""
        ),
        "field": f"reason_{line.agency_id}",
    }


# --- replaced officials


@requires(RECORD_REPLACEMENT)
def record_replacement(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record that an official was replaced."""
    if level_of(place) > Level.DISTRICT or not coverage.may_record_replacement(
        viewer_of(request), place
    ):
        raise Http404
    agencies = [(str(card.id), card.name) for card in coverage.agencies_of(place)]
    form = ReplacementForm(request.POST or None, agencies=agencies)
    about = _(
        "From six months before candidates are fixed, replacing an official needs the "
        "Minister's consent (UU 10/2016 art. 71)."
    )
    return form_page(
        request,
        form,
        lambda client_key, agency, **given: actions.record_replacement(
            key=client_key, agency_id=int(agency), **given
        ),
        {
            **head(place, _("Record a replaced official"), about=about),
            "button": _("Record"),
            "is_private": True,
        },
        done=lambda forbidden: (
            _("Recorded: it lies in the forbidden window, and no consent was shown.")
            if forbidden
            else _("The replacement was recorded.")
        ),
        to=reverse("neutrality:overview", args=[place]) + "#replacements",
    )
