"""The page of a place: head, areas, needs, work, feed and children, gathered in one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from serentak.coordination import public as coordination
from serentak.desk.permissions import VIEW_DESK
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.kernel.area import Phase
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.reading import kept, reading

from .areas import Answers, answers_of
from .children import Children, children_of
from .feed import FRESH, FeedEntry, activity, feed_of
from .head import Head, head_of
from .needs import Needs, needs_of
from .work import Work, work_of


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of a place shows.

    `promises` is the record of promises kept, told after the vote; `names` are the places that
    alerts speak of.
    """

    head: Head
    answers: Answers
    needs: Needs
    work: Work
    feed: tuple[FeedEntry, ...]
    children: Children
    promises: coordination.Record | None
    discrepancies: tuple[figures.DiscrepancyCard, ...]
    names: Mapping[PlaceCode, places.PlaceCard]


@reading()
@kept
def place_page(place: PlaceCode, *, viewer: Viewer, at: datetime) -> PlacePage:
    """Return the page of a province, regency or district.

    The number of queries is fixed whatever the number of children. OutOfScope unless the viewer
    may see the desk there and the place exists.
    """
    viewer.require(VIEW_DESK, place)
    _ask_at_once(place, at)
    head = head_of(place, at=at)
    is_the_day = head.phase is Phase.ON_THE_DAY
    events = activity(place, viewer=viewer, since=at - FRESH if is_the_day else None)
    institutions.institutions({e.institution_id for e in events if e.institution_id})
    answers = answers_of(place, viewer=viewer, at=at, today=head.today)
    needs = needs_of(place, answers.own.values(), viewer=viewer, at=at, today=head.today)
    places.places({n.alert.place for n in needs.all} | {e.place for e in events if e.place})
    sees_promises = viewer.may(coordination.VIEW_COORDINATION, place)
    tells_promises = head.phase is Phase.AFTER and sees_promises
    return PlacePage(
        head=head,
        answers=answers,
        needs=needs,
        work=work_of(place, viewer=viewer, at=at),
        feed=feed_of(events, viewer=viewer),
        children=children_of(head.card, answers),
        promises=coordination.records(place, at=at).get(place) if tells_promises else None,
        discrepancies=figures.discrepancies(place, viewer)
        if head.card.level < Level.DISTRICT
        else (),
        names=places.places({need.alert.place for need in needs.all}),
    )


def _ask_at_once(place: PlaceCode, at: datetime) -> None:
    """Ask for what several slices would ask for one by one."""
    below = places.children(place)
    institutions.holder_of([place, *(card.code for card in below)], at=at)
    institutions.institutions_of(place)


def home_of(viewer: Viewer) -> str:
    """Return the path where a person begins: the topmost place of the desk, or who has no desk
    the first page of a place that the bar leads to, such as the form of a crew; empty without any.
    """
    found = viewer.places(VIEW_DESK)
    if found:
        return reverse("desk:place", args=[found[0]]) if found[0] else reverse("desk:country")
    for entry in areas.bar():
        if entry.permission and entry.deepest:
            for place in viewer.places(entry.permission):
                if place:
                    return reverse(entry.url_name, args=[PlaceCode(place[: entry.deepest])])
    return ""
