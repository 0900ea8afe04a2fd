"""A place's schedule to take away: the plan as a workbook, the dates as a calendar."""

from django.http import Http404, HttpRequest, HttpResponse

from serentak.coordination import public as coordination
from serentak.kernel.codes import PlaceCode
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.contents import XLSX
from serentak.platform.documents import download
from serentak.readiness import documents
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.queries.board import catalogue
from serentak.readiness.queries.loading import place_name
from serentak.readiness.queries.plan import Plan, plan


@requires(VIEW_READINESS)
def plan_sheet(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give the whole network as a workbook, with how it stands at the place."""
    found = _plan(request, place)
    content = documents.plan_workbook(catalogue(), found, place=place_name(place))
    return download(content, f"plan-{place}-{found.today:%Y%m%d}.xlsx", XLSX)


@requires(VIEW_READINESS)
def calendar(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give targets, deadlines and the meetings ahead as iCalendar."""
    viewer, at = viewer_of(request), clock.now()
    found = _plan(request, place)
    may_see = viewer.may(coordination.VIEW_COORDINATION, place)
    content = documents.schedule_calendar(
        found,
        place=place_name(place),
        meetings=coordination.next_meetings(place, after=at) if may_see else (),
        site=f"{request.scheme}://{request.get_host()}",
        at=at,
    )
    return download(content, f"readiness-{place}.ics", "text/calendar; charset=utf-8")


def _plan(request: HttpRequest, place: PlaceCode) -> Plan:
    found = plan(place, viewer=viewer_of(request), at=clock.now())
    if found is None:
        raise Http404
    return found
