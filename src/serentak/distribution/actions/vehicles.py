"""Says which vehicles and boats there are: their owner alone does."""

from datetime import datetime
from typing import Any
from uuid import UUID

from serentak.distribution.events import VehicleOffered
from serentak.distribution.models import MOST_KG, MOST_LITRES, Vehicle
from serentak.distribution.permissions import OFFER_VEHICLES
from serentak.distribution.queries.catalogues import vehicles
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer


@action
def offer_vehicle(
    *,
    client_key: UUID,
    place: PlaceCode,
    owner_id: int,
    kind: str,
    name: str,
    kg: int,
    litres: int,
    crew: int = 1,
    escort: str = "",
    free_from_at: datetime | None = None,
    free_until_at: datetime | None = None,
    is_withdrawn: bool = False,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Lend a vehicle of one's institution for the boxes of a regency or district; return its id.

    Refused without a capacity, and where the place has one of that name already.
    """
    digest = digest_of(locals())
    _require(place, owner_id, actor)
    if known := first_answer(Vehicle, client_key, digest):
        return known.pk
    said = _checked(
        kind=kind, name=name, kg=kg, litres=litres, crew=crew, escort=escort,
        free_from_at=free_from_at, free_until_at=free_until_at, is_withdrawn=is_withdrawn,
    )  # fmt: skip
    if Vehicle.objects.filter(place_id=place, name=said["name"]).exists():
        raise Refused("distribution.vehicle_has_this_name", field="name", name=said["name"])
    row = Vehicle.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        owner_id=owner_id,
        figure_class=figure_class.value,
        told_by_id=actor.user_id,
        told_at=at,
        **said,
    )
    _told(row, actor, at)
    return row.pk


@action
def change_vehicle(
    *,
    vehicle_id: int,
    version: int,
    kind: str,
    name: str,
    kg: int,
    litres: int,
    crew: int = 1,
    escort: str = "",
    free_from_at: datetime | None = None,
    free_until_at: datetime | None = None,
    is_withdrawn: bool = False,
    actor: Viewer,
    at: datetime,
) -> None:
    """Say otherwise what a vehicle takes or when it is there; one that is withdrawn is planned no
    more, and plans that count on it say so.
    """
    row = Vehicle.objects.select_for_update().filter(pk=vehicle_id).first()
    if row is None:
        raise OutOfScope(OFFER_VEHICLES, str(vehicle_id))
    _require(PlaceCode(row.place_id), row.owner_id, actor)
    check_unchanged(version, row.version)
    said = _checked(
        kind=kind, name=name, kg=kg, litres=litres, crew=crew, escort=escort,
        free_from_at=free_from_at, free_until_at=free_until_at, is_withdrawn=is_withdrawn,
    )  # fmt: skip
    others = Vehicle.objects.filter(place_id=row.place_id, name=said["name"])
    if others.exclude(pk=row.pk).exists():
        raise Refused("distribution.vehicle_has_this_name", field="name", name=said["name"])
    for field, value in said.items():
        setattr(row, field, value)
    row.told_by_id, row.told_at, row.version = actor.user_id, at, row.version + 1
    row.save()
    _told(row, actor, at)


def _require(place: PlaceCode, owner_id: int, actor: Viewer) -> None:
    if level_of(place) not in (Level.REGENCY, Level.DISTRICT):
        raise OutOfScope(OFFER_VEHICLES, place)
    actor.require(OFFER_VEHICLES, place)
    if not actor.acts_for(owner_id, OFFER_VEHICLES) or not institutions.institution(owner_id):
        raise OutOfScope(OFFER_VEHICLES, place)


def _checked(**said: Any) -> dict[str, Any]:
    """Return what was said of a vehicle; Refused with all that does not hold."""
    faults = []
    said["name"], said["escort"] = one_line(said["name"]), one_line(said["escort"])
    if said["kind"] not in vehicles().vehicles:
        faults.append(Fault("distribution.kind_is_unknown", "kind"))
    if not said["name"]:
        faults.append(Fault("distribution.vehicle_needs_a_name", "name"))
    for field, name, most in (("kg", "kg", MOST_KG), ("litres", "m3", MOST_LITRES)):
        if not 1 <= said[field] <= most:
            faults.append(Fault("distribution.capacity_is_absurd", name, {"most": most}))
    if not 1 <= said["crew"] <= 50:
        faults.append(Fault("distribution.crew_is_absurd", "crew"))
    since, until = said["free_from_at"], said["free_until_at"]
    if since and until and since >= until:
        faults.append(Fault("distribution.it_is_gone_before_it_comes", "free_until_at"))
    if faults:
        raise Refused.of(*faults)
    check_length(said["name"], most=80, field="name")
    check_length(said["escort"], most=120, field="escort")
    return said


def _told(row: Vehicle, actor: Viewer, at: datetime) -> None:
    event = VehicleOffered(
        subjects=(f"vehicle:{row.pk}",),
        place=PlaceCode(row.place_id),
        institution_id=row.owner_id,
        kind=row.kind,
        kg=row.kg,
        litres=row.litres,
        is_withdrawn=row.is_withdrawn,
    )
    record(event, actor=actor, at=at)
