"""What needs somebody: alerts of all slices in one order, each with what can be done about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import ngettext

from serentak.coordination import public as coordination
from serentak.desk import rules
from serentak.institutions import public as institutions
from serentak.kernel.area import Area
from serentak.kernel.briefing import Alert, Briefing
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.platform import areas
from serentak.platform.web.formats import day, number
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.platform.words import word
from serentak.readiness import public as readiness

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Made:
    """An action that was made from an alert, with its state in words."""

    action: coordination.ActionCard
    state: str


@dataclass(frozen=True, slots=True)
class Need:
    """An alert, what was made from it already, and the one tap that it offers (URLs, or empty)."""

    alert: Alert
    made: tuple[Made, ...]
    may_ask: bool = False
    meeting_id: int | None = None
    """On whose agenda the viewer may put it."""
    report_url: str = ""
    is_on_agenda: bool = False
    letters: coordination.Letters | None = None
    """Where one letter each goes to several: how many there are, and who is next."""
    may_follow: bool = False
    """Whether the viewer may follow up an action that it is about, or that was made from it."""

    @property
    def ask_url(self) -> str:
        """Where somebody is asked; an alert is signed only for the page that shows it."""
        if not self.may_ask:
            return ""
        return self.letters.url if self.letters else coordination.ask_url(self.alert)

    @property
    def agenda_url(self) -> str:
        """What puts it on the agenda with one tap."""
        if self.meeting_id is None:
            return ""
        return coordination.agenda_url(self.alert, meeting_id=self.meeting_id)

    @property
    def owner(self) -> str:
        """Who answers for it, empty where the alert does not say."""
        return str(self.alert.params.get("owner") or "")

    @property
    def is_urgent(self) -> bool:
        """Whether a clock of minutes runs for it: one acts now, and writes no letter first."""
        return bool(self.alert.params.get("clock"))

    @property
    def target_date(self) -> date | None:
        """The day by which it was to be finished, where the alert tells it."""
        return _date(self.alert.params.get("target_date"))

    @property
    def moved_date(self) -> date | None:
        """The day to which that was moved, None where it was not."""
        return _date(self.alert.params.get("moved_date"))

    @property
    def deadline_date(self) -> date | None:
        """The last day on which it still helps, where the alert tells it."""
        return _date(self.alert.params.get("deadline_date"))

    @property
    def because(self) -> str:
        """Why it stands at risk or late: when it would be done, against its target or last day."""
        finish, target = _date(self.alert.params.get("finish_date")), self.target_date
        if self.alert.severity not in (Status.AT_RISK, Status.LATE) or not (finish and target):
            return ""
        said = {"status": str(STATUS_WORD[self.alert.severity]), "finish": day(finish, "short")}
        place = str(self.alert.params.get("worst") or "")
        if finish > target:
            late = (finish - target).days
            text = ngettext(
                "%(status)s: as it goes, done on %(finish)s, %(n)s day after the target of %(day)s",
                "%(status)s: as it goes, done on %(finish)s, %(n)s days after the target of "
                "%(day)s",
                late,
            ) % {**said, "n": number(late), "day": day(target, "short")}
        elif (last := self.deadline_date) and last >= finish:
            spare = (last - finish).days
            text = ngettext(
                "%(status)s: as it goes, done on %(finish)s, %(n)s day before its last day, "
                "%(day)s",
                "%(status)s: as it goes, done on %(finish)s, %(n)s days before its last day, "
                "%(day)s",
                spare,
            ) % {**said, "n": number(spare), "day": day(last, "short")}
        else:
            return ""
        return f"{text} ({place})." if place else f"{text}."

    @property
    def has_act(self) -> bool:
        """Whether the viewer can do something about it here."""
        return bool(self.may_ask or self.meeting_id or self.report_url)


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything that needs somebody, most pressing first, and the meeting that could discuss it.

    `plan_url` plans one where none lies ahead and the viewer may; else it is empty.
    """

    all: tuple[Need, ...]
    meeting: coordination.MeetingCard | None
    plan_url: str


def needs_of(
    place: PlaceCode, told: Iterable[Briefing], *, viewer: Viewer, at: datetime, today: date
) -> Needs:
    """Return the alerts of briefings, and of the slices that have none, in the desk's one order."""
    runs = viewer.may(coordination.RUN_MEETING, place)
    ahead = coordination.next_meetings(place, after=at) if runs else ()
    meeting = next(iter(ahead), None)
    alerts = [alert for briefing in told for alert in briefing.alerts]
    alerts += areas.alerts(parent=place, viewer=viewer, at=at)
    return Needs(
        all=_needs(alerts, viewer=viewer, at=at, today=today, meeting=meeting),
        meeting=meeting,
        plan_url=reverse("coordination:plan", args=[place]) if runs and not meeting else "",
    )


def _needs(
    alerts: list[Alert],
    *,
    viewer: Viewer,
    at: datetime,
    today: date,
    meeting: coordination.MeetingCard | None,
) -> tuple[Need, ...]:
    """Return the alerts in order, each with what was made of it or can be made."""
    links = {alert.link for alert in alerts}
    on_agenda = coordination.links_on_agenda(meeting.id) if meeting else frozenset()
    made = coordination.actions_from_alerts(links, viewer=viewer, at=at) if links else {}
    ordered = rules.in_order(
        alerts,
        made={link: [card.link for card in cards] for link, cards in made.items()},
        answered={link for link, cards in made.items() if any(map(_is_promised, cards))},
        today=today,
    )
    own = {
        card.short_name
        for card in institutions.institutions(
            viewer.institutions(readiness.REPORT_PROGRESS)
        ).values()
    }
    letters = coordination.letters_of(ordered, made)
    needs = []
    for alert in ordered:
        cards = tuple(
            Made(card, word("ACTION_STATES", card.state)) for card in made.get(alert.link, ())
        )
        theirs = letters.get(alert.link)
        is_open = bool(theirs.url) if theirs else not cards
        is_free = is_open and not _is_confided(alert)
        is_deed = rules.slice_of(alert.code) == "coordination"
        is_ours = alert.params.get("owner") in own and rules.slice_of(alert.code) == "readiness"
        may_report = is_ours and viewer.may(readiness.REPORT_PROGRESS, alert.place)
        gives = viewer.may(coordination.GIVE_ACTION, alert.place)
        may_ask = is_free and not is_deed and gives
        needs.append(
            Need(
                alert=alert,
                made=cards,
                may_ask=may_ask,
                letters=theirs,
                meeting_id=meeting.id
                if is_free and meeting and alert.link not in on_agenda
                else None,
                is_on_agenda=alert.link in on_agenda,
                report_url=reverse("readiness:report", args=[alert.place]) if may_report else "",
                may_follow=bool(cards or is_deed) and gives,
            )
        )
    return tuple(needs)


def _is_promised(card: coordination.ActionCard) -> bool:
    """Tell whether somebody has answered and the day promised has not passed."""
    running = (coordination.Standing.RUNNING, coordination.Standing.DUE_SOON)
    return card.acknowledged_at is not None and card.standing in running


def _is_confided(alert: Alert) -> bool:
    """Tell whether an alert stays where it is."""
    part = areas.part_of(alert.code)
    return isinstance(part, Area) and alert.code in part.confided
