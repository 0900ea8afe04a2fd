"""Duty sheets as PDF: one page for each post, with its stations, times and contacts."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serentak.elections import public as elections
from serentak.elections.public import ElectionCard
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.countdown import day_of
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.documents import pdf
from serentak.platform.web import formats

from .queries.catalogues import patterns
from .queries.plans import PlanOf, reserves_of, rows_of_post
from .queries.posts import PostRow, posts_of
from .rules import GUARDS, PlanState, PostKind, StationClass
from .words import CLASSES, STATES

TEMPLATE = Path(__file__).parent / "sheet.typ"


def sheets_pdf(plan: PlanOf, villages: Mapping[PlaceCode, str], at: datetime) -> bytes:
    """Return the duty sheets of a plan; the same bytes again at the same moment."""
    place = PlaceCode(plan.place_id)
    election = elections.current_election(place)
    contacts = [
        f"{one.name}: {one.phone}"
        for one in posts_of(place)
        if one.phone and one.kind == PostKind.POLRES
    ]
    reserves = [
        f"{row.post.name}: {row.officers}" + (f", {row.post.phone}" if row.post.phone else "")
        for row in reserves_of(plan.pk)
        if row.post
    ]
    state = STATES[PlanState(plan.state)]
    subtitle = _("%(place)s, plan %(number)s (%(state)s)") % {
        "place": plan.place.name,
        "number": plan.number,
        "state": state,
    }
    blank = _("not told yet: ………………………………")
    data = {
        "language": get_language() or "id",
        "title": _("DUTY SHEET"),
        "subtitle": subtitle,
        "pages": [
            _page(rows[0].post, rows, villages, election)
            for rows in rows_of_post(plan.pk).values()
        ],
        "headings": [_("Group"), _("Stations"), _("Class of stations"), _("Officers"), _("Guards")],
        "contacts": [(_("Contact"), "; ".join(contacts) or blank),
                     (_("Reserve"), "; ".join(reserves) or _("none at a named post"))],
        "duties": [said(one) for one in patterns().duties],
        "note": _("Printed %(when)s. Not to be handed on.") % {"when": formats.moment(at)},
        "page": _("Page"),
    }  # fmt: skip
    return pdf(TEMPLATE, data)


def _page(
    post: PostRow | None,
    rows: Any,
    villages: Mapping[PlaceCode, str],
    election: ElectionCard | None,
) -> dict[str, Any]:
    groups = []
    for number, row in enumerate(rows, 1):
        by_village: dict[PlaceCode, list[str]] = {}
        for one in row.placings.all():
            by_village.setdefault(PlaceCode(one.place_id[: Level.VILLAGE]), []).append(
                one.place_id[-3:]
            )
        stations = "; ".join(
            f"{villages.get(code, code)}: {', '.join(numbers)}"
            for code, numbers in by_village.items()
        )
        groups.append(
            [
                f"{number}. {row.district.name}",
                stations,
                str(CLASSES[StationClass(row.station_class)]),
                str(row.officers),
                str(GUARDS * row.stations),
            ]
        )
    facts = [
        (_("Post"), post.name if post else _("Reinforcements or officers of no named post")),
        (_("Phone of the office"), (post.phone if post else "") or _("not told yet: ………………………………")),
        (_("Shifts"), str(post.shifts if post else 1)),
        (_("Officers"), str(sum(row.officers for row in rows))),
    ]
    if election:
        vote, zone = election.vote_date, places.zone_of(election.place)
        opens, closes = (
            datetime.combine(vote, hour, tzinfo=zone) for hour in (election.opens, election.closes)
        )
        facts += [
            (_("At the stations from"), formats.day(day_of(-1, vote_date=vote), "full")),
            (
                _("The vote"),
                _("%(day)s, %(opens)s to %(closes)s")
                % {
                    "day": formats.day(vote, "full"),
                    "opens": formats.clock_time(opens, zone.key),
                    "closes": f"{formats.clock_time(closes, zone.key)} {closes.tzname()}",
                },
            ),
        ]
    return {"facts": facts, "groups": groups}
