"""Who holds an office and who is a candidate; guards named and guards in the posting."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.places import public as places
from serentak.posting import public as posting
from serentak.readiness import public as readiness


def _holders(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the heads of region who stand on the list of pairs and are not known as candidates."""
    codes = [parent, *(card.code for card in places.children(parent))]
    codes = [code for code in codes if Level.PROVINCE <= level_of(code) <= Level.REGENCY]
    names = {
        places.folded(name): contest.place
        for contest in elections.contests_held_under(parent)
        for pair in contest.pairs
        for name in (pair.head_name, pair.deputy_name)
        if name
    }
    for place, holder in sorted(institutions.holder_of(codes, at=at).items()):
        contest = names.get(places.folded(holder.name))
        if contest is None or holder.is_candidate:
            continue
        yield Differs(
            place=place,
            subject=f"office:{holder.institution_id}",
            about={"id": holder.title, "en": holder.title},
            a=Says(code="reporting.HOLDS_OFFICE", link=f"/institutions/{holder.institution_id}"),
            b=Says(code="reporting.IS_CANDIDATE", link=f"/{contest}/election"),
            amount=0,
        )


def _guards(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose guards named are not those that the posting plan counts with."""
    standing = posting.standing(parent, at)
    named = readiness.reported(parent, ("linmas-form",))
    for (place, _), one in sorted(named.items()):
        planned = standing[place].planned * 2 if place in standing else 0
        if not planned or planned == one.done:
            continue
        yield Differs(
            place=place,
            subject="guards",
            a=one.says,
            b=Says(value=planned, link=f"/{place}/posting"),
            amount=abs(one.done - planned) / 2,
            owner_id=one.owner_id,
            figure_class=one.figure_class,
        )


CHECKS: Mapping[str, AsksForDifferences] = {"holders": _holders, "guards": _guards}
