"""Builders of the slice's tests: stations with classes, posts, who keeps and who adopts."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from serentak.elections import actions as elections
from serentak.elections.public import StationRow
from serentak.kernel.area import Linked
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform import areas
from serentak.posting import actions
from serentak.posting.models import Plan, Post
from serentak.posting.rules import Posted, PostKind
from serentak.vulnerability import actions as vulnerability
from serentak.vulnerability.public import StationClass
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Member, seat

KAYU_AGUNG = PlaceCode("16.02.05")

STATIONS = tuple(
    PlaceCode(f"{village}.{number:03}")
    for village, count in (
        ("16.02.05.1001", 9),
        ("16.02.05.2010", 3),
        ("16.02.14.2001", 4),
        ("16.02.14.2002", 2),
        ("16.07.02.2001", 2),
        ("16.71.02.1001", 1),
    )
    for number in range(1, count + 1)
)
HIGHLY = PlaceCode("16.02.14.2001.001")
VULNERABLE = PlaceCode("16.02.14.2001.002")


def set_up_stations() -> None:
    """Make 18 stations in OKI, two of which are classed, and three elsewhere."""
    elections.set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    elections.import_stations(
        rows=[StationRow(code, 200, 210) for code in STATIONS],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    classify({HIGHLY: StationClass.HIGHLY, VULNERABLE: StationClass.VULNERABLE})


def classify(classes: dict[PlaceCode, StationClass]) -> None:
    """Give stations their classes."""
    for place, one in classes.items():
        vulnerability.set_class(
            place=place, station_class=one, reason="Rakor Polres", actor=SYSTEM, at=AT
        )


def police(place: PlaceCode = OKI) -> Member:
    """Seat an officer of the police of a place."""
    return seat(f"police-{place}", "Andi Kurniawan", "POLICE_OPERATIONS", "POLICE", place)


def army() -> Member:
    """Seat an officer of the army in OKI."""
    return seat("army", "Bagus Santoso", "ARMY_OPERATIONS", "ARMY", OKI)


def know_of(
    patch: pytest.MonkeyPatch, ref: str, who: Callable[[Viewer], bool] = lambda _viewer: True
) -> None:
    """Let an incident bear a number, for those who may know of it."""

    def referred(refs: Collection[str], *, viewer: Viewer) -> dict[str, Linked]:
        known = {ref: Linked(f"incident:{ref}", f"{ref} Ancaman", "/security")}
        return {one: known[one] for one in refs if one in known and who(viewer)}

    patch.setattr(areas, "referred", referred)


def polsek(place: PlaceCode = AIR_SUGIHAN, name: str = "Polsek Air Sugihan", **more: Any) -> Posted:
    """Return a police sector."""
    given: dict[str, Any] = {"kind": PostKind.POLSEK, "officers": 6, "phone": "0712-1"}
    return Posted(place=place, name=name, **given | more)


def polres(officers: int = 4, **more: Any) -> Posted:
    """Return the police of OKI."""
    return Posted(place=OKI, kind=PostKind.POLRES, name="Polres OKI", officers=officers, **more)


def tell(*posts: Posted) -> list[Post]:
    """Tell of posts, and return all that there are."""
    actions.import_posts(posts=posts, actor=SYSTEM, at=AT)
    return list(Post.objects.order_by("pk"))


def plan(place: PlaceCode = OKI, **more: Any) -> Plan:
    """Compute a plan."""
    given = {"client_key": uuid4(), "place": place, "actor": SYSTEM, "at": AT}
    return Plan.objects.get(pk=actions.make_plan(**given | more))


def adopted(**more: Any) -> Plan:
    """Compute a plan, propose and adopt it."""
    row = plan(**more)
    actions.propose_plan(plan_id=row.pk, version=row.version, actor=SYSTEM, at=AT)
    actions.adopt_plan(
        plan_id=row.pk, version=row.version + 1, reason="Sisanya menyusul", actor=SYSTEM, at=AT
    )
    row.refresh_from_db()
    return row
