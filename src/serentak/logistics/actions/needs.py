"""Takes over a new list of stations and voters as the one from which needs are counted."""

from datetime import datetime
from uuid import UUID

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import NeedsTakenOver
from serentak.logistics.models import NeedVersion, StationBasis
from serentak.logistics.permissions import TAKE_OVER_NEEDS
from serentak.logistics.queries.needs import basis_of, is_as_before, version_of
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer, one_at_a_time

ROWS_AT_ONCE = 5_000


@action
def take_over_needs(
    *,
    client_key: UUID,
    province: PlaceCode,
    seen: int | None,
    reason: str,
    actor: Viewer,
    at: datetime,
) -> int:
    """Count needs from the stations and voters as they stand now; return the version's number.

    `seen` is the number of the version that the actor saw replaced, 0 where there was none. Refused
    where nothing changed, where a change has no reason, and where there are no stations.
    """
    digest = digest_of(locals())
    if level_of(province) is not Level.PROVINCE or not actor.may(TAKE_OVER_NEEDS, province):
        raise OutOfScope(TAKE_OVER_NEEDS, province)
    if known := first_answer(NeedVersion, client_key, digest):
        return known.number
    commission = institutions.institution_by("KPU", province)
    if commission is None or not actor.acts_for(commission.id, TAKE_OVER_NEEDS):
        raise OutOfScope(TAKE_OVER_NEEDS, province)
    election = elections.current_election(province)
    if election is None:
        raise Refused("logistics.place_has_no_election")
    one_at_a_time(f"needs of {election.id}")
    before = version_of(election)
    check_unchanged(seen, before.number if before else 0)
    if before and not reason.strip():
        raise Refused("logistics.changed_needs_need_a_reason", field="reason")
    basis = basis_of(province)
    if not basis:
        raise Refused("logistics.place_has_no_stations")
    if before and is_as_before(before.id, basis):
        raise Refused("logistics.needs_are_as_they_were")
    stations, voters = len(basis), sum(row.voters for row in basis)
    version = NeedVersion.objects.create(
        client_key=client_key,
        digest=digest,
        election_id=election.id,
        number=before.number + 1 if before else 1,
        taken_over_by_id=commission.id,
        taken_over_at=at,
        stations=stations,
        voters=voters,
        reason=reason.strip(),
        figure_class=_class_of(province).value,
    )
    for row in basis:
        row.version = version
    StationBasis.objects.bulk_create(basis, batch_size=ROWS_AT_ONCE)
    record(
        NeedsTakenOver(
            subjects=(f"needs:{version.pk}",),
            place=province,
            institution_id=commission.id,
            number=version.number,
            stations=stations,
            voters=voters,
        ),
        actor=actor,
        at=at,
    )
    return version.number


def _class_of(province: PlaceCode) -> FigureClass:
    """Needs are worth what the list is worth: one invented station makes them invented."""
    counts = elections.voters_at_level(province, Level.PROVINCE).get(province)
    return FigureClass.SYNTHETIC if counts and counts.is_synthetic else FigureClass.SOURCED
