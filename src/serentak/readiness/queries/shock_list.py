"""The shocks that a forecast draws, with their chances and what has really struck."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from serentak.elections import public as elections
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, at_level, is_within
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.readiness.models import ShockChance, ShockStruck
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.shocks import Shock
from serentak.readiness.words import SHOCK_GROUPS

from .forecasting import shocks


@dataclass(frozen=True, slots=True)
class ShockLine:
    """A shock as it is drawn: chance in a week from 0 to 1, the catalogue's if nobody set one."""

    key: str
    name: str
    group: str
    per_week: float
    of_catalogue: float
    reason: str
    version: int
    source: str
    replace: str
    struck: Sequence[tuple[PlaceCode, str, date]]

    @property
    def is_own(self) -> bool:
        """Whether this installation set its chance."""
        return self.version > 0


def shock_lines(place: PlaceCode, *, viewer: Viewer) -> Sequence[ShockLine]:
    """Return the shocks of a province, or those that can strike a regency; four queries."""
    viewer.require(VIEW_READINESS, place)
    if place == COUNTRY:
        raise OutOfScope(VIEW_READINESS, place)
    province = at_level(place, Level.PROVINCE)
    election = elections.current_election(province)
    own = {row.shock: row for row in ShockChance.objects.filter(place=province)}
    struck: dict[str, list[tuple[PlaceCode, date]]] = defaultdict(list)
    if election is not None:
        for row in ShockStruck.objects.filter(election=election.id).order_by("place"):
            code = PlaceCode(row.place_id)
            if is_within(code, place) and viewer.may(VIEW_READINESS, code):
                struck[row.shock].append((code, row.struck_on))
    names = places.places({code for rows in struck.values() for code, _day in rows})
    groups = shocks().groups
    lines = []
    for key, shock in shocks().shocks.items():
        if not concerns(shock, place):
            continue
        set_to = own.get(key)
        lines.append(
            ShockLine(
                key=key,
                name=said(shock.name),
                group=said(groups[shock.group].name)
                if shock.group in groups
                else str(SHOCK_GROUPS[shock.group]),
                per_week=set_to.per_week if set_to else shock.per_week.likely,
                of_catalogue=shock.per_week.likely,
                reason=set_to.reason if set_to else "",
                version=set_to.version if set_to else 0,
                source=shock.source,
                replace=shock.replace,
                struck=[
                    (code, names[code].name if code in names else code, day)
                    for code, day in struck[key]
                ],
            )
        )
    return lines


def concerns(shock: Shock, place: PlaceCode) -> bool:
    """Tell whether a shock can strike at or under a place."""
    group = shocks().groups.get(shock.group)
    return group is None or any(
        is_within(place, member) or is_within(member, place) for member in group.places
    )


def open_shocks(place: PlaceCode) -> Sequence[tuple[str, str]]:
    """Return the shocks that can strike a place, as a form names them."""
    return [(key, said(one.name)) for key, one in shocks().shocks.items() if concerns(one, place)]


def version_of(place: PlaceCode, shock: str) -> tuple[int, float]:
    """Return the version of a shock's own chance in a province (0 for none), and the chance."""
    known = shocks().shocks.get(shock)
    if known is None:
        raise OutOfScope(VIEW_READINESS, place)
    row = ShockChance.objects.filter(place=place, shock=shock).first()
    return (row.version, row.per_week) if row else (0, known.per_week.likely)
