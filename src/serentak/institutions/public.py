"""What other slices may know of institutions, people, roles and holders."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.catalogue import said
from serentak.platform.clock import local_date
from serentak.platform.web.demo import DemoAccount

from . import queries
from .permissions import ASSIGN_ROLE, VIEW_DIRECTORY
from .queries import (
    Account,
    HolderCard,
    InstitutionCard,
    Voices,
    account_of,
    office_title,
    role_label,
    seats_under,
    verbs_of,
    voices,
)
from .rules import HolderStatus, Verb


def viewer_for(*, user_id: int, at: datetime) -> Viewer:
    """Return who an account is and what its roles of that day allow; one query."""
    return Viewer(user_id=user_id, grants=queries.grants_of(user_id, local_date(at)))


def accounts_for(
    institution_ids: Collection[int],
    permission: Permission,
    *,
    at: datetime,
    also: Permission | None = None,
) -> Mapping[int, list[Account]]:
    """Return by institution the accounts that hear for it: its own and its desk's; three queries.

    A desk hears for its governor, regent or mayor. With `also` only accounts that hold that
    permission too; one query more.
    """
    return queries.accounts_for(institution_ids, permission, local_date(at), also=also)


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts of the demonstration; none outside it.

    They are the accounts of people of the class SYNTHETIC, in the order they were made.
    """
    return queries.demo_accounts() if settings.SERENTAK_DEMO else []


def institution(institution_id: int) -> InstitutionCard | None:
    """Return one institution, None if there is none of that id."""
    return institutions([institution_id]).get(institution_id)


def institutions(ids: Collection[int]) -> Mapping[int, InstitutionCard]:
    """Return institutions by id, for names on a page; one query."""
    return queries.cards_by_id(ids)


def institutions_of(
    place: PlaceCode, kinds: Collection[str] | None = None
) -> list[InstitutionCard]:
    """Return the institutions of the place's own level that act in it, of the given kinds."""
    return queries.institution_cards(queries.at_place(place, kinds))


def institution_by(kind: str, place: PlaceCode) -> InstitutionCard | None:
    """Return the institution of a kind that acts in `place` at its level, None if there is none.

    An army command of several regencies is found at each of them.
    """
    found = institutions_of(place, [kind])
    return found[0] if found else None


def institutions_by(
    *, kinds: Collection[str], places: Collection[PlaceCode]
) -> Mapping[tuple[str, PlaceCode], InstitutionCard]:
    """Return the institutions of several kinds at several places, keyed by both; one query."""
    return queries.cards_at(frozenset(kinds), frozenset(places))


def directed_kinds() -> frozenset[str]:
    """Return the kinds that take directions of a head of region: all that are not independent."""
    return frozenset(k.key for k in queries.kinds().by_key.values() if not k.independent)


def family_of(kind: str) -> str:
    """Return the family of a kind of institution, empty if there is no such kind."""
    found = queries.kinds().by_key.get(kind)
    return found.family if found else ""


def verbs_of_kinds(sender: str, receiver: str) -> frozenset[Verb]:
    """Return what institutions of one kind may address to those of another, wherever they stand."""
    return queries.verbs_of_kinds(sender, receiver)


def verb_label(verb: str) -> str:
    """Return a verb of the table of relations in the reader's language, as it is if unknown."""
    found = {known.value: label for known, label in queries.relations().labels.items()}.get(verb)
    return said(found) if found else verb


def kind_label(kind: str) -> str:
    """Return how a kind of institution is called in the reader's language, as it is if unknown."""
    found = queries.kinds().by_key.get(kind)
    return said(found.label) if found else kind


def roles_with(permission: Permission) -> frozenset[str]:
    """Return the keys of the roles that hold a permission."""
    return frozenset(key for key, r in queries.roles().items() if permission in r.permissions)


def holder_of(
    places: Collection[PlaceCode], *, at: datetime, kind: str | None = None
) -> Mapping[PlaceCode, HolderCard]:
    """Return who holds the office today, by place; one query.

    Without `kind` the heads of region: governor, regent, mayor. A place whose office is vacant,
    or whose holder nobody entered, is missing.
    """
    kinds = (kind,) if kind else tuple(queries.heads_of_region())
    day = local_date(at)
    found = queries.holders_at([(place, day, kinds) for place in places])
    return {place: card for (place, _day, _kinds), card in found.items()}


def holders_of(ids: Collection[int], *, at: datetime) -> Mapping[int, HolderCard]:
    """Return who holds the office of institutions today, by institution; one query.

    One whose office is vacant, or whose holder nobody entered, is missing.
    """
    return queries.holders_of(ids, local_date(at))


def verbs_between(sender_id: int, receiver_id: int) -> frozenset[Verb]:
    """Return what one institution may address to another; nothing to itself."""
    found = institutions([sender_id, receiver_id])
    return frozenset() if len(found) < 2 else verbs_of(found[sender_id], found[receiver_id])
