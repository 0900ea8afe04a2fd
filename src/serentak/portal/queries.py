"""What the public pages show: the desks' marked sentences, who is responsible, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass, Focus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.reporting import public as reporting


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its sentences."""

    title: str
    sentences: tuple[reporting.PublicSentence, ...]


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A place as everybody sees it; `report` is None where nothing was published."""

    card: places.PlaceCard
    holder: institutions.HolderCard | None
    report: reporting.PublicReport | None

    @property
    def statuses(self) -> Mapping[Focus, Status]:
        """Return the areas whose status is public."""
        found = self.report.sentences if self.report else ()
        return {s.focus: s.status for s in found if s.focus and s.status}

    @property
    def left_out(self) -> Mapping[Focus, str]:
        """Return what the public status of an area does not count, where it leaves out anything."""
        found = self.report.sentences if self.report else ()
        return {s.focus: s.left_out for s in found if s.focus and s.left_out}

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the sentences by section, in their order; statuses are shown apart."""
        found: dict[str, list[reporting.PublicSentence]] = {}
        for sentence in self.report.sentences if self.report else ():
            if sentence.status is None and sentence.text:
                title = reporting.section_title(sentence.section)
                found.setdefault(title, []).append(sentence)
        return tuple(Part(title, tuple(own)) for title, own in found.items())

    @property
    def corrected(self) -> tuple[reporting.PublicSentence, ...]:
        """Return the sentences that were corrected after they were signed."""
        found = self.report.sentences if self.report else ()
        return tuple(sentence for sentence in found if sentence.corrected_at)

    @property
    def is_synthetic(self) -> bool:
        """Whether the named holder is invented."""
        return self.holder is not None and self.holder.figure_class is FigureClass.SYNTHETIC


@dataclass(frozen=True, slots=True)
class Publication:
    """A province with its areas, and the districts whose desks published something."""

    election: elections.ElectionCard
    province: PublicPlace
    areas: tuple[PublicPlace, ...]
    districts: tuple[PublicPlace, ...]

    @property
    def places(self) -> tuple[PublicPlace, ...]:
        """All of them, the province first."""
        return (self.province, *self.areas, *self.districts)


def publication(province: PlaceCode, *, at: datetime) -> Publication:
    """Return what is public of a province; eight queries whatever the number of its areas.

    Nothing but `reporting.public.public_reports` brings numbers here. Refused without an election.
    """
    election = elections.current_election(province)
    if election is None or election.place != province:
        raise Refused("portal.province_is_unknown", place=province)
    own = places.place(province)
    below = places.children(province)
    reports = reporting.public_reports(province)
    areas = {card.code for card in (own, *below)}
    districts = places.places([code for code in reports if code not in areas])
    holders = institutions.holder_of(areas, at=at)

    def public(card: places.PlaceCard) -> PublicPlace:
        return PublicPlace(card, holders.get(card.code), reports.get(card.code))

    return Publication(
        election=election,
        province=public(own),
        areas=tuple(map(public, below)),
        districts=tuple(public(card) for _, card in sorted(districts.items())),
    )


def voting_provinces() -> tuple[places.PlaceCard, ...]:
    """Return the provinces whose election is set up."""
    return tuple(
        card
        for card in places.children(COUNTRY)
        if (election := elections.current_election(card.code)) and election.place == card.code
    )
