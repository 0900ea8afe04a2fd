"""What the public pages show: the desks' marked sentences, who is responsible, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass, Focus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import areas
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
    totals: Mapping[Focus, int | None] = field(default_factory=dict)
    """What areas count for everybody; None where that is too few to be told."""

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
    """Return what is public of a province; eight queries at most, whatever the number of its areas.

    Nothing but `reporting.public.public_reports` brings numbers here, and beside a status that it
    tells what an area declares as its `public_total`. Refused without an election.
    """
    election = elections.current_election(province)
    if election is None or election.place != province:
        raise Refused("portal.province_is_unknown", place=province)
    own = places.place(province)
    below = places.children(province)
    reports = reporting.public_reports(province)
    shown = {card.code for card in (own, *below)}
    districts = places.places([code for code in reports if code not in shown])
    holders = institutions.holder_of(shown, at=at)

    def public(card: places.PlaceCard) -> PublicPlace:
        return PublicPlace(card, holders.get(card.code), reports.get(card.code))

    return Publication(
        election=election,
        province=public(own),
        areas=_with_totals(tuple(map(public, below))),
        districts=tuple(public(card) for _, card in sorted(districts.items())),
    )


def _with_totals(found: tuple[PublicPlace, ...]) -> tuple[PublicPlace, ...]:
    """Add what areas count for everybody, as of the report; one query for each area that does."""
    totals: dict[PlaceCode, dict[Focus, int | None]] = {place.card.code: {} for place in found}
    for area in areas.areas():
        until = {
            place.card.code: place.report.submitted_at
            for place in found
            if place.report and area.focus in place.statuses
        }
        if area.public_total and until:
            for code, count in area.public_total.ask(until=until).items():
                is_told = count >= area.public_total.least
                totals[code][area.focus] = count if is_told else None
    return tuple(replace(place, totals=totals[place.card.code]) for place in found)


def voting_provinces() -> tuple[places.PlaceCard, ...]:
    """Return the provinces whose election is set up."""
    return tuple(
        card
        for card in places.children(COUNTRY)
        if (election := elections.current_election(card.code)) and election.place == card.code
    )
