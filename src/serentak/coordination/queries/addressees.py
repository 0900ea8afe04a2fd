"""To whom one may turn from a place, and with which verbs."""

from collections.abc import Iterable

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, Verb
from serentak.kernel.codes import PlaceCode
from serentak.places import public as places

ADDRESSED_BELOW = ("REGENT", "KPU", "BAWASLU", "POLICE", "ARMY", "CAMAT")


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
