"""Whose an incident is, who is told of it, and up which chain it climbs."""

from collections.abc import Collection, Iterable, Mapping

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, ancestors, at_level, level_of
from serentak.security.rules.catalogue import Kind, Step
from serentak.security.rules.states import Severity

from .catalogues import incidents

DESKS = ("REGENT_DESK", "GOVERNOR_DESK")
"""Who answers where none of those that go first is known."""
ALSO_PROVINCE = frozenset({Severity.S4})
"""At these severities the province hears at once, and not of each place below first."""

Found = Mapping[tuple[str, PlaceCode], InstitutionCard]


def _around(place: PlaceCode) -> list[PlaceCode]:
    """Return a place and those above it but for the country, the deepest first."""
    return [place, *(above for above in reversed(ancestors(place)) if above)]


def owner_of(kind: Kind, severity: Severity, place: PlaceCode) -> InstitutionCard | None:
    """Return who answers for an incident: the first that goes first, as near as there is one."""
    kinds = [*kind.firsts(severity), *kind.first, *DESKS]
    where = _around(place)
    found = institutions.institutions_by(kinds=kinds, places=where)
    return next((found[key, code] for key in kinds for code in where if (key, code) in found), None)


def told(
    kind: Kind,
    severity: Severity,
    places: Collection[PlaceCode],
    *,
    only: Collection[str] | None = None,
) -> list[InstitutionCard]:
    """Return who is told of an incident at a place, and across a border of the other one too.

    Each kind from the place up to the regency, and at the province where it is not below or the
    incident is an emergency. With `only` none but these kinds. One query.
    """
    group = incidents().groups[kind.group]
    keys = {*group.tell.get(severity, ()), *kind.firsts(severity)}
    if len(places) > 1:
        keys |= set(DESKS)
    if only is not None:
        keys &= set(only)
    where = {code for place in places for code in _around(place)}
    found = institutions.institutions_by(kinds=keys, places=where)
    cards: dict[int, InstitutionCard] = {}
    for key in sorted(keys):
        for place in places:
            near = [found[key, code] for code in _around(place) if (key, code) in found]
            below = [card for card in near if level_of(card.place) >= Level.REGENCY]
            is_both = severity in ALSO_PROVINCE or not below
            cards |= {card.id: card for card in (near if is_both else below)}
    return list(cards.values())


def chain_of(
    kind: Kind, place: PlaceCode, *, only: Collection[str] | None
) -> list[InstitutionCard]:
    """Return to whom an incident at a place climbs, one after the other; one query.

    Steps whose institution is not there, or that lie below the place, are left out.
    """
    steps = [
        Step((kind.replaces or {}).get(step.to, step.to), step.level)
        for step in incidents().groups[kind.group].chain
    ]
    if only is not None:
        steps = [step for step in steps if step.to in only]
    wanted = [(step.to, _place_of(step, place)) for step in steps]
    return _found(wanted)


def _place_of(step: Step, place: PlaceCode) -> PlaceCode | None:
    if step.level is Level.COUNTRY:
        return COUNTRY
    return at_level(place, step.level) if level_of(place) >= step.level else None


def _found(wanted: Iterable[tuple[str, PlaceCode | None]]) -> list[InstitutionCard]:
    pairs = [(key, code) for key, code in wanted if code is not None]
    found = institutions.institutions_by(
        kinds={key for key, _code in pairs}, places={code for _key, code in pairs}
    )
    return [found[pair] for pair in pairs if pair in found]
