"""What people enter about readiness: the page of reports, target dates, reasons."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from serentak.kernel.century import read_day
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Refused
from serentak.platform.sheets import Problem, SheetRow
from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    natural,
    set_choices,
)

from .importers.reports import COLUMNS, answer
from .rules.reporting import Reportable, ReportKind, ReportRow
from .rules.scenarios import Change, ChangeKind
from .words import CHANGE_KINDS

ANSWERS = {
    "quantity": ReportKind.QUANTITY,
    "correction": ReportKind.CORRECTION,
    "same": ReportKind.NO_CHANGE,
    "nil": ReportKind.NOTHING_TO_REPORT,
}


class ReportPage:
    """The page of reports as it was sent: one row for each activity that may be reported.

    Field names are `<activity>_answer`, `_photo`, `_seen` (the total on the page) and those of the
    columns, such as `_quantity`; `rest` answers all others with "no change", except those `alone`.
    A number that was typed counts as chosen. Which rows hold the action says: `refuse` then shows
    each fault at its row and field.
    """

    def __init__(
        self,
        known: Sequence[Reportable],
        *,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        alone: Collection[int] = (),
    ) -> None:
        self.data = data or {}
        self.files = files or MultiValueDict()
        self.alone = frozenset(alone)
        self.client_key = _key(self.data.get("client_key"))
        self.rest = bool(self.data.get("rest"))
        self.chosen: dict[int, str] = {}
        self.rows = {item.activity_id: self._row(item) for item in known}
        self.problems: list[Problem] = []

    def to_send(self) -> list[ReportRow]:
        """Return the rows to be sent, those that follow the rest included."""
        follow = self.follows if self.rest else ()
        return [
            replace(row, kind=ReportKind.NO_CHANGE) if id in follow else row
            for id, row in self.rows.items()
            if id in self.chosen or id in follow
        ]

    @property
    def follows(self) -> Set[int]:
        """The activities that `rest` answers: those without an answer of their own."""
        return self.rows.keys() - self.chosen.keys() - self.alone

    def fill(self, rows: Sequence[ReportRow]) -> None:
        """Put rows of the clipboard where one would have typed them."""
        for row in rows:
            self.rows[row.activity_id] = row
            self.chosen[row.activity_id] = next(
                a for a, kind in ANSWERS.items() if kind is row.kind
            )

    def refuse(self, refused: Refused) -> None:
        """Show what the action refused; what another page's key kept out gets a key of its own."""
        self.problems = [Problem.of(fault) for fault in refused.faults]
        if isinstance(refused, Conflict):
            self.client_key = uuid4()

    def _row(self, item: Reportable) -> ReportRow:
        id = item.activity_id
        cells = {c.name: str(self.data.get(f"{id}_{c.name}", "")) for c in COLUMNS}
        chosen = self.data.get(f"{id}_answer") or ("quantity" if cells["quantity"].strip() else "")
        if chosen in ANSWERS:
            self.chosen[id] = chosen
        kind = ANSWERS.get(chosen, ReportKind.QUANTITY)
        return answer(
            SheetRow(id, cells),
            item,
            kind=kind,
            photo=self.files.get(f"{id}_photo"),
            seen=natural(str(self.data.get(f"{id}_seen", ""))),
        )


def _key(sent: object) -> UUID:
    """Return the key under which the device sent the page; a new one for a fresh page."""
    try:
        return UUID(str(sent))
    except ValueError:
        return uuid4()


def _day(label: Any, help_text: Any = "", *, missing: Any) -> forms.DateField:
    invalid = _("Write the date as year-month-day, for example 2024-11-20.")
    errors = {"required": missing, "invalid": invalid}
    return day_field(label, error_messages=errors, help_text=help_text)


def _reason(missing: Any = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        error_messages={"required": missing},
        help_text=_("It stands in the history, with your name."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        **kwargs,
    )


class ReasonForm(forms.Form):
    """A reason."""

    reason = _reason(_("Write the reason; it stays in the history."))


class ProposeForm(VersionedForm):
    """Another date for a target that no meeting has agreed."""

    target_date = _day(_("Target date"), missing=_("Enter the date that you propose."))
    reason = _reason(required=False)


class MoveForm(VersionedForm):
    """Another date for an agreed target."""

    target_date = _day(
        _("New target date"),
        _("The agreed date stays beside it as the baseline."),
        missing=_("Enter the new target date."),
    )
    reason = _reason(_("Write why the target moves."))


def seen_target(activity_id: int, target_date: date) -> str:
    """Return how the page of agreeing names a target: with the date that is seen there."""
    return f"{activity_id}@{target_date}"


def _seen(text: str) -> tuple[int, date]:
    id, _at, day = text.partition("@")
    return int(id), read_day(day)


class SeenTargets(forms.TypedMultipleChoiceField):
    """Targets as `seen_target` names them, also those whose date changed since the page came."""

    def valid_value(self, value: Any) -> bool:
        """Tell whether the target is one of the list, whatever its date is by now."""
        choices: Any = self.choices
        ids = {str(seen).partition("@")[0] for seen, _label in choices}
        return str(value).partition("@")[0] in ids


class AgreeForm(forms.Form):
    """Which proposed targets a meeting agreed: one of the list, or another by name and date."""

    meeting_id = forms.TypedChoiceField(
        label=_("Meeting"),
        coerce=int,
        empty_value=None,
        help_text=_("A meeting of the list is linked to the targets that it agreed."),
        error_messages={
            "required": _("Choose the meeting, or enter name and date of another one.")
        },
    )
    meeting_name = LineField(
        label=_("Name of the meeting"),
        max_length=200,
        error_messages={
            "required": _(
                "Enter the meeting's name, for example Coordination Meeting on the Election."
            )
        },
    )
    meeting_date = _day(_("Date of the meeting"), missing=_("Enter the date of the meeting."))
    activity_ids = SeenTargets(
        label=_("Targets agreed"),
        coerce=_seen,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one target that the meeting agreed."),
            "invalid_choice": _(
                "One of these targets was agreed or dropped meanwhile. Look at the list again."
            ),
        },
    )

    def __init__(
        self,
        *args: Any,
        meetings: Sequence[tuple[str, str]],
        targets: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        other = ("meeting_name", "meeting_date")
        self.names_other = not meetings or any(self.data.get(name) for name in other)
        for name in other:
            self.fields[name].required = self.names_other or not self.is_bound
        self.fields["meeting_id"].required = not self.names_other
        set_choices(self, "meeting_id", [("", _("Choose a meeting")), *meetings])
        set_choices(self, "activity_ids", targets)
        self.has_meetings = bool(meetings)

    def clean(self) -> dict[str, Any]:
        """Refuse two meetings at once; give the dates that were seen by activity."""
        sent = super().clean() or {}
        if self.names_other and sent.get("meeting_id"):
            text = _("Choose a meeting or write name and date of another one, not both.")
            self.add_error("meeting_id", text)
        sent["seen"] = dict(sent.get("activity_ids", ()))
        sent["activity_ids"] = list(sent["seen"])
        return sent


class ShockChanceForm(VersionedForm):
    """Another chance for a shock."""

    per_week = forms.FloatField(
        label=_("Chance in one week, from 0 (never) to 1 (certain)"),
        error_messages={
            "required": _("Enter a number from 0 to 1, for example 0.12."),
            "invalid": _("Enter a number from 0 to 1, for example 0.12."),
        },
    )
    reason = _reason(_("Give a reason."))


class ShockNoteForm(forms.Form):
    """A shock that has really struck, and when."""

    shock = forms.ChoiceField(label=_("Shock"))
    struck_on = _day(_("Day on which it struck"), missing=_("Enter the day on which it struck."))

    def __init__(self, *args: Any, shocks: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "shock", shocks)


ACTIVITY_ROWS, SHOCK_ROWS = 3, 2
"""How many changes one form holds."""

_WHERE = "|"


class ScenarioForm(KeyedForm):
    """What somebody tries: up to three works changed and two shocks added, under one name."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        help_text=_("Others find it under this name, for example: two more boats."),
        error_messages={"required": _("Give it a name, so that others find it again.")},
    )

    def __init__(
        self,
        *args: Any,
        activities: Sequence[tuple[str, str]],
        shocks: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", "–"), *((k.value, w) for k, w in CHANGE_KINDS.items() if k != "SHOCK")]
        for n in range(1, ACTIVITY_ROWS + 1):
            self.fields[f"activity_{n}"] = forms.ChoiceField(
                label=_("Activity %(n)s") % {"n": n},
                choices=[("", "–"), *activities],
                required=False,
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("Change"), choices=kinds, required=False
            )
            self.fields[f"amount_{n}"] = LineField(
                label=_("How many"),
                required=False,
                max_length=20,
                help_text=_(
                    "People, vehicles or days (fewer with a minus); other durations as best, "
                    "likely and worst case, for example 2/4/9."
                ),
            )
        for n in range(1, SHOCK_ROWS + 1):
            self.fields[f"shock_{n}"] = forms.ChoiceField(
                label=_("Shock %(n)s") % {"n": n}, choices=[("", "–"), *shocks], required=False
            )
            self.fields[f"chance_{n}"] = forms.IntegerField(
                label=_("Its chance, of 100"), required=False, min_value=0, max_value=100
            )

    def clean(self) -> dict[str, Any]:
        """Return name, key and changes; say at its field what cannot be read."""
        given = super().clean() or {}
        changes = [*self._works(given), *self._shocks(given)]
        return {
            "client_key": given.get("client_key"),
            "name": given.get("name", ""),
            "changes": changes,
        }

    def _works(self, given: Mapping[str, Any]) -> list[Change]:
        found = []
        for n in range(1, ACTIVITY_ROWS + 1):
            activity, kind = given.get(f"activity_{n}"), given.get(f"kind_{n}")
            if not activity and not kind:
                continue
            if not activity or not kind:
                self.add_error(
                    f"kind_{n}" if activity else f"activity_{n}",
                    _("Choose both the activity and what is changed."),
                )
                continue
            place, _bar, key = activity.partition(_WHERE)
            numbers = _numbers(given.get(f"amount_{n}") or "")
            of = ChangeKind(kind)
            wanted = {ChangeKind.DROP: 0, ChangeKind.DURATION: 3}.get(of, 1)
            if numbers is None or (wanted and len(numbers) != wanted):
                self.add_error(
                    f"amount_{n}",
                    _("Write three numbers, for example 2/4/9.")
                    if wanted == 3
                    else _("Write one number, for example 2."),
                )
                continue
            found.append(
                Change(
                    of,
                    PlaceCode(place),
                    key,
                    amount=numbers[0] if wanted == 1 else 0,
                    days=(numbers[0], numbers[1], numbers[2]) if wanted == 3 else None,
                )
            )
        return found

    def _shocks(self, given: Mapping[str, Any]) -> list[Change]:
        found = []
        for n in range(1, SHOCK_ROWS + 1):
            if not given.get(f"shock_{n}"):
                continue
            place, _bar, key = given[f"shock_{n}"].partition(_WHERE)
            chance = given.get(f"chance_{n}")
            found.append(
                Change(ChangeKind.SHOCK, PlaceCode(place), key, 100 if chance is None else chance)
            )
        return found


def choice_of(place: PlaceCode, key: str) -> str:
    """Return what the form of a scenario calls an activity or shock at a place."""
    return f"{place}{_WHERE}{key}"


def _numbers(text: str) -> list[float] | None:
    """Return the numbers of `2/4/9`, None where something is no number."""
    try:
        return [
            float(part.replace(",", ".").replace("\u2212", "-"))
            for part in text.split("/")
            if part.strip()
        ]
    except ValueError:
        return None
