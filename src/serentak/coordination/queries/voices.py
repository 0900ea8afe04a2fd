"""Who speaks and answers for which institution: oneself, and a desk for its head of region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from serentak.coordination.permissions import ANSWER_ACTION
from serentak.institutions import public as institutions
from serentak.institutions.public import Account, InstitutionCard, Verb
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform.reading import asked_once

HEADS = ("GOVERNOR", "REGENT")
DESKS = ("GOVERNOR_DESK", "REGENT_DESK")


@dataclass(frozen=True, slots=True)
class Voices:
    """The institutions for which somebody speaks; the system speaks for all."""

    ids: frozenset[int]
    heads: tuple[InstitutionCard, ...] = ()
    own: tuple[InstitutionCard, ...] = ()
    everybody: bool = False

    def __contains__(self, institution_id: object) -> bool:
        return self.everybody or institution_id in self.ids

    @property
    def first(self) -> InstitutionCard | None:
        """In whose name one asks by default: the head whose desk one is, or oneself."""
        return next(iter((*self.heads, *self.own)), None)


@asked_once
def voices(viewer: Viewer, permission: Permission) -> Voices:
    """Return for whom the viewer speaks through `permission`; two queries at most.

    A desk drafts, asks and answers in the name of the governor, regent or mayor of its place; no
    other institution speaks for another.
    """
    if viewer.system:
        return Voices(frozenset(), everybody=True)
    ids = viewer.institutions(permission)
    own = institutions.institutions(ids) if ids else {}
    seats = {card.place for card in own.values() if card.kind in DESKS}
    heads = institutions.institutions_by(kinds=HEADS, places=seats) if seats else {}
    cards = tuple(heads[key] for key in sorted(heads))
    return Voices(ids | {card.id for card in cards}, cards, tuple(own[i] for i in sorted(own)))


def told(
    institution_ids: Collection[int],
    *,
    at: datetime,
    permission: Permission = ANSWER_ACTION,
    also: Permission | None = None,
) -> dict[int, list[Account]]:
    """Return whom to tell for each institution: its accounts and its desk's; three queries.

    With `also` only accounts that hold that permission too; one query more.
    """
    cards = institutions.institutions(institution_ids)
    heads = {card.place: card.id for card in cards.values() if card.kind in HEADS}
    desks = institutions.institutions_by(kinds=DESKS, places=list(heads)) if heads else {}
    speaks_for: dict[int, list[int]] = {id: [id] for id in cards}
    for (_, place), desk in desks.items():
        speaks_for.setdefault(desk.id, []).append(heads[place])
    found: dict[int, list[Account]] = {id: [] for id in cards}
    accounts = institutions.accounts_with(permission, list(speaks_for), at=at)
    if also is not None:
        trusted = {a.user_id for a in institutions.accounts_with(also, list(speaks_for), at=at)}
        accounts = [account for account in accounts if account.user_id in trusted]
    for account in accounts:
        for id in speaks_for[account.institution_id]:
            if all(known.user_id != account.user_id for known in found.setdefault(id, [])):
                found[id].append(account)
    return found


ADDRESSED_BELOW = ("REGENT", "KPU", "BAWASLU", "POLICE", "ARMY")


def addressees(place: PlaceCode) -> list[InstitutionCard]:
    """Return to whom a meeting at `place` may turn: its own level, then bodies one below."""
    own = institutions.institutions_of(place)
    below = [child.code for child in places.children(place)]
    found = institutions.institutions_by(kinds=ADDRESSED_BELOW, places=below) if below else {}
    seen = {card.id: card for card in (*own, *found.values())}
    return list(seen.values())


def allowed_verbs(
    sender: InstitutionCard, receivers: Iterable[InstitutionCard]
) -> dict[int, list[Verb]]:
    """Return what `sender` may address to each, from the most binding; no query."""
    order = list(Verb)
    return {
        card.id: sorted(institutions.verbs_of(sender, card), key=order.index) for card in receivers
    }
