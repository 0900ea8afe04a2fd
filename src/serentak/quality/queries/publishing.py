"""How far a province's scores are on their way to the public."""

from serentak.kernel.codes import Level, PlaceCode
from serentak.quality.models import Publication


def publication_of(place: PlaceCode) -> Publication | None:
    """Return where the publication of a place's province stands; one query."""
    return Publication.objects.filter(place=place[: Level.PROVINCE]).first()
