"""What people enter: a report, a step of an incident, a duty."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.evidence import PHOTOS
from serentak.platform.web.forms import KeyedForm, LineField, VersionedForm, moment_field
from serentak.platform.web.pickers import PickerField
from serentak.platform.web.uploads import CheckedFileField

from .queries.catalogues import incidents
from .rules.answers import YES_NO
from .rules.catalogue import LONGEST_TEXT, MOST, Answer, Confided, Field, FieldKind, Kind
from .rules.states import Severity
from .words import CONFIDED, SEVERITIES
from .words import YES_NO as YES_NO_WORDS

LONGEST_NOTE = 1000
PHOTO_MB = 10


def _place_field(label: Any, **options: Any) -> PickerField:
    return PickerField(
        label=label,
        search=places.place_options,
        find=places.place_option,
        url_name="places:options",
        **options,
    )


class ReportForm(KeyedForm):
    """What happened where and when: at most three questions, what is needed, a photo."""

    place = _place_field(_("Where"))
    happened_at = moment_field(_("When it happened"))

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        within: Sequence[PlaceCode],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.narrow(partial(places.place_options, within=within), within=within)
        known = incidents()
        for key in kind.ask:
            self.fields[key] = _field(known.fields[key])
        self.fields["needs"] = forms.MultipleChoiceField(
            label=_("What is needed"),
            choices=[(key, said(need.name)) for key, need in known.needs.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["words"] = forms.CharField(
            label=_("What else you know"),
            widget=forms.Textarea({"rows": 2}),
            max_length=LONGEST_NOTE,
            required=False,
        )
        self.fields["told_by"] = LineField(
            label=_("Who told you, and how to reach them"),
            help_text=_("Kept encrypted; only who handles the incident reads it."),
            max_length=120,
            required=False,
        )
        self.fields["photo"] = CheckedFileField(
            label=_("Photo"), accepted=PHOTOS, most_mb=PHOTO_MB, required=False
        )
        self.asked = kind.ask

    def offer(self, links: Sequence[tuple[str, str]]) -> None:
        """Ask on what it hangs, where there is something."""
        if links:
            self.fields["subjects"] = forms.ChoiceField(
                label=_("What it hangs on"),
                choices=[("", "–"), *links],
                required=False,
            )
            self.order_fields(["place", "happened_at", *self.asked, "needs", "subjects"])

    def clean_place(self) -> PlaceCode:
        """Return the place's code."""
        return PlaceCode(self.cleaned_data["place"])

    def answers(self) -> dict[str, Answer]:
        """Return what was answered."""
        given: dict[str, Any] = {key: self.cleaned_data.get(key) for key in self.asked}
        fields = incidents().fields
        return {
            key: _plain(fields[key], value)
            for key, value in given.items()
            if value not in (None, "")
        }


def _field(field: Field) -> forms.Field:
    given: dict[str, Any] = {"label": said(field.text), "required": False}
    match field.kind:
        case FieldKind.NUMBER:
            widget = forms.NumberInput({"inputmode": "numeric"})
            return forms.IntegerField(**given, min_value=0, max_value=MOST, widget=widget)
        case FieldKind.TIME:
            return forms.TimeField(**given, widget=forms.TimeInput({"type": "time"}))
        case FieldKind.TEXT:
            return LineField(**given, max_length=LONGEST_TEXT)
        case FieldKind.YES_NO:
            choices = [(key, str(YES_NO_WORDS[key])) for key in YES_NO]
        case FieldKind.CHOICE:
            choices = [(key, said(text)) for key, text in (field.choices or {}).items()]
    return forms.ChoiceField(**given, choices=choices, widget=forms.RadioSelect)


def _plain(field: Field, value: Any) -> Answer:
    match field.kind:
        case FieldKind.YES_NO:
            return bool(value == YES_NO[0])
        case FieldKind.TIME:
            return str(value.strftime("%H:%M"))
        case _:
            found: Answer = value
            return found


class NoteForm(VersionedForm):
    """A step with a few words, which lack where none are needed."""

    note = forms.CharField(
        label=pgettext_lazy("log", "Note"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )


class NeededNoteForm(VersionedForm):
    """A step that says why, or what was done."""

    note = forms.CharField(
        label=_("What was done, or why"),
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_NOTE,
    )


class CommanderForm(VersionedForm):
    """Who is on the way or there, and who leads."""

    commander = LineField(label=_("Who leads: office or unit"), max_length=120, required=False)
    note = forms.CharField(
        label=pgettext_lazy("log", "Note"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )


class TransferForm(VersionedForm):
    """Who took it over, and under which number."""

    receiver = LineField(label=_("Who took it over"), max_length=120)
    number = LineField(label=_("Number or receipt there"), max_length=80)
    note = forms.CharField(
        label=pgettext_lazy("log", "Note"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )


class MergeForm(VersionedForm):
    """Which incident it belongs to."""

    original = forms.TypedChoiceField(label=_("Belongs to"), coerce=UUID, widget=forms.RadioSelect)
    note = forms.CharField(
        label=pgettext_lazy("log", "Note"),
        widget=forms.Textarea({"rows": 2}),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, *args: Any, originals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["original"]
        field.choices = list(originals)


class SeverityForm(NeededNoteForm):
    """How grave it is, inside the range of the kind."""

    severity = forms.TypedChoiceField(
        label=pgettext_lazy("incident", "Severity"), coerce=Severity, widget=forms.RadioSelect
    )
    field_order = ("severity", "note")

    def __init__(self, *args: Any, kind: Kind | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["severity"]
        field.choices = [
            (one.value, SEVERITIES[one]) for one in Severity if kind is None or kind.allows(one)
        ]


class KindForm(NoteForm):
    """Of what kind it is."""

    kind = forms.ChoiceField(label=pgettext_lazy("incident", "Kind"))
    field_order = ("kind", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = kind_choices()


class RestrictForm(NeededNoteForm):
    """Who may know of it."""

    confided = forms.TypedChoiceField(
        label=_("Who may know of it"),
        choices=[(one.value, text) for one, text in CONFIDED.items()],
        coerce=Confided,
        widget=forms.RadioSelect,
    )
    field_order = ("confided", "note")


class BorderForm(NoteForm):
    """Across which border it goes."""

    place = _place_field(_("Place on the other side"))
    field_order = ("place", "note")

    def clean_place(self) -> PlaceCode:
        """Return the place's code."""
        return PlaceCode(self.cleaned_data["place"])


class LinkForm(VersionedForm):
    """On which loads, stages and activities it hangs, and one station more that it touches."""

    subjects = forms.MultipleChoiceField(
        label=_("What it hangs on"), widget=forms.CheckboxSelectMultiple, required=False
    )
    station = _place_field(
        _("One more station that it touches"),
        required=False,
        help_text=_("Stations that stand there already stay."),
    )

    def __init__(self, *args: Any, links: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subjects"]
        field.choices = list(links)

    def clean_station(self) -> PlaceCode | None:
        """Return the station's code, None where none was chosen."""
        station = self.cleaned_data["station"]
        return PlaceCode(station) if station else None


class DutyForm(KeyedForm):
    """Which office is on duty from when to when."""

    institution = forms.TypedChoiceField(label=_("Institution"), coerce=int)
    office = LineField(
        label=_("Office or unit"), help_text=_("No name of a person."), max_length=120
    )
    line = LineField(label=_("Line of the duty"), max_length=60, required=False)
    from_at = moment_field(pgettext_lazy("duty", "From"))
    to_at = moment_field(pgettext_lazy("duty", "To"))

    def __init__(self, *args: Any, institutions: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        field.choices = list(institutions.items())


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds by group, in the reader's language."""
    known = incidents()
    return [
        (
            said(group.name),
            [(k.key, said(k.name)) for k in known.kinds.values() if k.group == group.key],
        )
        for group in known.groups.values()
    ]
