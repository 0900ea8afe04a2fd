"""Where cases lie that nobody may open, and who can name a handler there."""

from collections.abc import Collection
from datetime import datetime

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import PlaceCode, ancestors, is_within
from serentak.neutrality.models import Case
from serentak.neutrality.permissions import HANDLE_CASES


def without_handler(ids: Collection[int], *, at: datetime) -> list[InstitutionCard]:
    """Return those of the institutions in which no account may open the cases that lie there."""
    heard = institutions.accounts_for(ids, HANDLE_CASES, at=at)
    return [card for id, card in institutions.institutions(ids).items() if not heard.get(id)]


def places_without_handler(place: PlaceCode, *, at: datetime) -> list[InstitutionCard]:
    """Return the institutions with open cases at or under a place that nobody may open."""
    rows = Case.objects.filter(closed_date__isnull=True).values_list("place", "handler").distinct()
    return without_handler({id for code, id in rows if is_within(PlaceCode(code), place)}, at=at)


def who_names_handlers(card: InstitutionCard, *, at: datetime) -> int | None:
    """Return the institution whose accounts can give roles in another, None if nobody can.

    The region's desk, of an independent body its own; where nobody is there, that of the province.
    """
    kinds = [card.kind] if card.independent else ["REGENT_DESK", "GOVERNOR_DESK"]
    where = [card.place, *reversed(ancestors(card.place))]
    found = institutions.institutions_by(kinds=kinds, places=where)
    chain = [found[kind, place].id for place in where for kind in kinds if (kind, place) in found]
    heard = institutions.accounts_for(chain, institutions.ASSIGN_ROLE, at=at)
    return next((id for id in chain if heard.get(id)), None)
