"""What neutrality answers about places: status, a few figures, and what needs somebody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from serentak.kernel.briefing import (
    Alert,
    Briefing,
    DeadlineKind,
    Figure,
    FigureClass,
    Focus,
    Why,
)
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.kernel.workdays import working_days_between
from serentak.neutrality.permissions import VIEW_CASES, VIEW_NEUTRALITY
from serentak.neutrality.rules.standing import (
    Cases,
    Ground,
    Judgement,
    Services,
    Standing,
    case_status,
    count_shows,
    judgement_of,
    parent_judgement,
    pledge_status,
    service_status,
    services_are_reported,
)
from serentak.neutrality.words import days_text
from serentak.places import public as places
from serentak.platform.holidays import holidays
from serentak.platform.web.formats import number, share
from serentak.platform.web.vocabulary import STATUS_WORD

from .catalogues import rules, thresholds
from .standings import DEEPEST, Part, Standings, authorities_in_the_race, standings

SOURCE = "neutrality"


def briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    """Return the briefing of `parent` and of each child that the viewer may see.

    Of a province, a regency and a district; elsewhere, and where no election is set up, the mapping
    is empty. Always the same number of queries. Who may not see cases sees their figure only where
    enough of them stand together, and never an alert about them.
    """
    if not parent or level_of(parent) > DEEPEST:
        return {}
    if not viewer.holds(VIEW_NEUTRALITY):
        return {}
    found = standings(parent, at)
    if found.calendar.vote_date is None:
        return {}
    board = _Board(found, authorities_in_the_race(parent, at), _names(found, parent))
    return {
        place: board.briefing(place, viewer)
        for place in (parent, *(card.code for card in found.children))
        if viewer.may(VIEW_NEUTRALITY, place)
    }


def _names(found: Standings, parent: PlaceCode) -> Mapping[PlaceCode, str]:
    own = {code: card.name for code, card in places.places([parent]).items()}
    return own | {child.code: child.name for child in found.children}


def _class(synthetic: bool) -> FigureClass:
    return FigureClass.SYNTHETIC if synthetic else FigureClass.SOURCED


@dataclass(frozen=True, slots=True)
class _Board:
    """A place with its children, ready to be told."""

    found: Standings
    in_the_race: Mapping[PlaceCode, int]
    names: Mapping[PlaceCode, str]
    judgements: dict[tuple[PlaceCode, bool], Judgement] = field(default_factory=dict)
    told: dict[PlaceCode, list[Alert]] = field(default_factory=dict)
    """What was found already: a place's own, which its parent tells as well, to one viewer."""

    @property
    def parent(self) -> PlaceCode:
        return self.found.parent

    @property
    def vote_date(self) -> date:
        assert self.found.calendar.vote_date is not None  # noqa: S101  # checked before
        return self.found.calendar.vote_date

    def standing(self, place: PlaceCode) -> Standing:
        return self.found.whole() if place == self.parent else self.found.part(place).standing

    def briefing(self, place: PlaceCode, viewer: Viewer) -> Briefing:
        """Return the briefing of one place."""
        is_parent = place == self.parent
        parts = self.parts(place)
        children = [self.judgement(card.code, viewer) for card in self.found.children]
        found = self.judgement(place, viewer)
        alerts = [alert for part in parts for alert in self.alerts(part, viewer)]
        silent = sum(child.status is Status.NO_REPORT for child in children)
        return Briefing(
            focus=Focus.NEUTRALITY,
            place=place,
            status=found.status,
            why=self.why(found, place, viewer),
            leaves_out=self.leaves_out(found, place, viewer),
            as_of=max(
                (x for p in parts if (x := self.found.part(p).as_of) is not None), default=None
            ),
            figures=self.figures(place, viewer),
            alerts=tuple(sorted(alerts, key=lambda a: (a.press, a.place, a.code))),
            silent=silent if is_parent else 0,
            of_children=len(children) if is_parent else 0,
        )

    def judgement(self, place: PlaceCode, viewer: Viewer | None) -> Judgement:
        """Return how a place stands to a viewer, or (None) as reports and the book tell it.

        The same whether it is asked for itself or as a child. To who may not see cases those of a
        district weigh nothing: its few must not show.
        """
        sees_cases = viewer is not None and viewer.may(VIEW_CASES, place)
        known = place, viewer is None
        if known not in self.judgements:
            own = self._own_judgement(place, sees_cases=sees_cases)
            below = [self.judgement(code, viewer).status for code in self.found.below(place)]
            limits, cases = thresholds(), self.standing(place).cases
            whole = case_status(cases, sees_cases=sees_cases, thresholds=limits)
            self.judgements[known] = parent_judgement(own, below, whole, thresholds=limits)
        return self.judgements[known]

    def _own_judgement(self, place: PlaceCode, *, sees_cases: bool) -> Judgement:
        standing, is_district = self.found.own(place).standing, level_of(place) >= DEEPEST
        if is_district and not sees_cases:
            standing = replace(standing, cases=Cases())
        return judgement_of(
            standing,
            sees_cases=sees_cases,
            counts_pledges=not is_district,
            today=self.found.calendar.today,
            vote_date=self.vote_date,
            thresholds=thresholds(),
        )

    def why(self, found: Judgement, place: PlaceCode, viewer: Viewer) -> tuple[Why, ...]:
        """Return why a place stands so, and what a reader without cases reads, or does not."""
        why = Why(f"neutrality.{found.ground.value}", {"count": found.count, "of": found.of})
        if viewer.may(VIEW_CASES, place):
            told = self.judgement(place, None).status
            if told is found.status:
                return (why,)
            return (why, Why("neutrality.TOLD_WITHOUT_CASES", {"status": STATUS_WORD[told]}))
        if found.ground is Ground.CASES_PAST:
            return (Why("neutrality.MANY_CASES_PAST"),)
        return (why, Why(self.leaves_out(found, place, viewer)))

    def leaves_out(self, found: Judgement, place: PlaceCode, viewer: Viewer) -> str:
        """Return what the status leaves out; to who may not see cases that is always said."""
        is_whole = viewer.may(VIEW_CASES, place) or found.ground is Ground.CASES_PAST
        return "" if is_whole else "neutrality.WITHOUT_CASES"

    def parts(self, place: PlaceCode) -> list[PlaceCode]:
        """Return the places that are told as one: with a parent all its children."""
        return list(self.names) if place == self.parent else [place]

    def figures(self, place: PlaceCode, viewer: Viewer) -> tuple[Figure, ...]:
        """Return the headline numbers that the viewer may see."""
        standing = self.standing(place)
        parts = [self.found.part(code) for code in self.parts(place)]
        kind = _class(any(part.synthetic for part in parts))
        case_kind = _class(any(part.synthetic_cases for part in parts))
        cases, pledges, services = standing.cases, standing.pledges, standing.services
        told: list[tuple[str, int | None, int | None, FigureClass]] = [
            (code, value, of, case_kind)
            for code, value, of in (
                ("past_clock", cases.past_clock, cases.open),
                ("followed_up", cases.followed, cases.recommended),
            )
            if self.shows_cases(place, viewer, value, of)
        ]
        signed = pledges.signed if pledges.staff else None
        told.append(("pledged", signed, pledges.staff or None, kind))
        if self.reports_services:
            thin = services.thin if services.heard else None
            told.append(("services_thin", thin, services.heard or None, kind))
        return tuple(
            Figure(f"neutrality.{code}", value, of=of, source=SOURCE, figure_class=known_as)
            for code, value, of, known_as in told
        )

    @property
    def reports_services(self) -> bool:
        return services_are_reported(
            self.found.calendar.today, vote_date=self.vote_date, thresholds=thresholds()
        )

    def shows_cases(self, place: PlaceCode, viewer: Viewer, part: int, of: int) -> bool:
        """Tell whether a viewer may see that `part` of `of` cases of a place are so.

        Who may not see cases sees those of a whole province, where there are many: numbers of its
        regencies, or of their districts, would leave single cases when one is taken from the other.
        """
        if viewer.may(VIEW_CASES, place):
            return True
        is_whole = place == self.parent and level_of(place) is Level.PROVINCE
        return is_whole and count_shows(part, of, hidden_below=thresholds().hidden_below)

    def alerts(self, place: PlaceCode, viewer: Viewer) -> list[Alert]:
        """Return what needs somebody at a place that the viewer may see."""
        if not viewer.may(VIEW_NEUTRALITY, place):
            return []
        if place not in self.told:
            part = self.found.part(place)
            self.told[place] = [
                *(self._case_alerts(place, part) if viewer.may(VIEW_CASES, place) else ()),
                *self._service_alerts(place, part.standing.services),
                *self._other_alerts(place, part),
            ]
        return self.told[place]

    def _case_alerts(self, place: PlaceCode, part: Part) -> Iterator[Alert]:
        past = part.standing.cases.past_clock
        if past and part.past_since:
            days = working_days_between(
                part.past_since, self.found.calendar.today, holidays=holidays()
            )
            yield self._alert(
                "CASES_PAST_CLOCK",
                place,
                Status.LATE,
                "/cases?clock=past",
                past,
                due=part.past_since,
                deadline=DeadlineKind.LEGAL,
                days=days_text(days),
                open=number(part.standing.cases.open),
            )
        if waiting := self.in_the_race.get(place):
            link = "/cases?clock=race"
            yield self._alert("AUTHORITY_IN_THE_RACE", place, Status.LATE, link, waiting)

    def _service_alerts(self, place: PlaceCode, services: Services) -> Iterator[Alert]:
        found = service_status(services, thresholds=thresholds())
        if self.reports_services and found.status in (Status.AT_RISK, Status.LATE):
            if found.ground in (Ground.SERVICE_MUTE, Ground.SERVICES_SILENT):
                of = number(services.total)
                yield self._alert(
                    "SERVICES_SILENT", place, found.status, "#services", found.count, of=of
                )
                return
            yield self._alert(
                "SERVICES_THIN",
                place,
                found.status,
                "#services",
                services.thin,
                of=number(services.heard),
                closed=number(services.closed),
            )

    def _other_alerts(self, place: PlaceCode, part: Part) -> Iterator[Alert]:
        pledges = part.standing.pledges
        today = self.found.calendar.today
        status = pledge_status(
            pledges, today=today, vote_date=self.vote_date, thresholds=thresholds()
        )
        if status in (Status.AT_RISK, Status.LATE):
            yield self._alert(
                "PLEDGES_LOW",
                place,
                status,
                "#pledges",
                pledges.staff - pledges.signed,
                due=day_of(thresholds().pledges_due, vote_date=self.vote_date),
                deadline=DeadlineKind.ADMINISTRATIVE,
                share=share(pledges.coverage, 0),
            )
        if part.standing.forbidden:
            yield self._alert(
                "REPLACEMENT_WITHOUT_CONSENT",
                place,
                Status.LATE,
                "#replacements",
                part.standing.forbidden,
                deadline=DeadlineKind.LEGAL,
            )
        if part.unacknowledged:
            yield self._alert(
                "CIRCULAR_UNACKNOWLEDGED",
                place,
                Status.AT_RISK,
                "#circulars",
                part.unacknowledged,
                due=part.circular_due,
                deadline=DeadlineKind.ADMINISTRATIVE,
            )

    def _alert(
        self,
        code: str,
        place: PlaceCode,
        severity: Status,
        link: str,
        count: int,
        *,
        due: date | None = None,
        deadline: DeadlineKind | None = None,
        **params: object,
    ) -> Alert:
        return Alert(
            code=f"neutrality.{code}",
            place=place,
            severity=severity,
            due_date=due,
            link=f"/{place}/neutrality{link}",
            press=Press(harm=rules().harms[code]),
            deadline=deadline,
            so=f"neutrality.{code}.so",
            helps=f"neutrality.{code}.helps",
            params={"place_name": self.names.get(place, place), "count": number(count), **params},
        )
