"""What people enter: a meeting, minutes, an asking, an answer, a visit, the words of a letter."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from serentak.kernel.briefing import Alert
from serentak.platform.evidence import ACCEPTED
from serentak.platform.web.formats import day
from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    moment_field,
    natural,
    set_choices,
)
from serentak.platform.web.uploads import CheckedFileField

from .queries.alerts import read_signed
from .queries.asking import LONGEST
from .rules.letters import Draft
from .rules.minutes import OutcomeKind
from .words import KINDS, VERBS

Choices = Sequence[tuple[Any, Any]]
Group = tuple[str | Promise, Choices]


def _text(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", LONGEST["text"])
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **kwargs)


class PlanForm(KeyedForm):
    """A meeting to be held."""

    theme = LineField(label=_("Theme"), max_length=200)
    starts_at = moment_field(_("Date and time"))
    venue = LineField(label=_("Venue"), max_length=200, required=False)
    chair = LineField(label=_("Chair"), max_length=200, required=False)
    taken_up = forms.TypedMultipleChoiceField(
        label=_("On its agenda, since earlier meetings did not reach it"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    invited = forms.TypedMultipleChoiceField(
        label=_("Invited institutions"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, institutions: Sequence[Any], waiting: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "invited", institutions)
        set_choices(self, "taken_up", waiting)
        self.fields["taken_up"].initial = [id for id, _ in waiting]
        if not waiting:
            del self.fields["taken_up"]


def _after_vote_field(**options: Any) -> forms.BooleanField:
    """Return what confirms a due date after the vote; it is shown where the day lies there."""
    label = _("It is meant for after the vote")
    return forms.BooleanField(label=label, required=False, widget=forms.HiddenInput, **options)


class _AsksBack(forms.Form):
    """A form whose due date lies after the vote only where somebody says that it is meant so.

    `vote_date` is None where no vote lies ahead.
    """

    def __init__(self, *args: Any, vote_date: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote_date = vote_date

    def ask_back(self) -> str:
        """Return what is asked about the due date, empty where there is nothing to ask."""
        said = self["due_date"].value()
        try:
            due = self.fields["due_date"].to_python(said)
        except forms.ValidationError:
            return ""
        if self.vote_date is None or due is None or due <= self.vote_date:
            return ""
        self.fields["after_vote"].widget = forms.CheckboxInput()
        if self["after_vote"].value():
            return ""
        late = (due - self.vote_date).days
        return ngettext(
            "%(due)s lies %(n)s day after the vote. Check the day, or say that it is meant so.",
            "%(due)s lies %(n)s days after the vote. Check the day, or say that it is meant so.",
            late,
        ) % {"due": day(due, "full"), "n": late}

    def clean(self) -> dict[str, Any]:
        """Ask back about a day after the vote."""
        if asked := self.ask_back():
            self.add_error("due_date", asked)
        return self.cleaned_data


class AskForm(_AsksBack, KeyedForm):
    """What is asked of whom, by when."""

    owner = forms.TypedChoiceField(label=_("Who answers for it"), coerce=int)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        help_text=_("Left open, it is what one says first to this institution."),
    )
    text = _text(
        _("What is to be done"),
        help_text=_("Begin with the verb, and say where and how much; the day has its own field."),
    )
    due_date = day_field(_("Due date"))
    after_vote = _after_vote_field()
    check_date = day_field(_("Checked on"), required=False)
    evidence_asked = LineField(
        label=_("Evidence asked for"), max_length=LONGEST["evidence_asked"], required=False
    )
    person = LineField(label=_("Person"), max_length=LONGEST["person"], required=False)
    alert = forms.CharField(required=False, widget=forms.HiddenInput)
    where = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    guidance = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, institutions: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "owner", [("", _("Choose")), *institutions])
        said = [(verb, word) for verb, word in VERBS.items() if verb not in ("REPRIMAND", "REPORT")]
        set_choices(self, "kind", [("", _("as usual between the two")), *said])

    def clean_alert(self) -> Alert | None:
        """Return the alert from which one asks, None if there is none; none is made by hand."""
        if not self.cleaned_data["alert"]:
            return None
        alert = read_signed(self.cleaned_data["alert"])
        if alert is None:
            raise forms.ValidationError(_("This alert cannot be read."))
        return alert


class OutcomeForm(_AsksBack):
    """One line of minutes. Each that is announced is looked at, those too that came empty."""

    text = forms.CharField(label=_("Outcome"), widget=forms.Textarea({"rows": 2}), max_length=2000)
    owner = forms.TypedChoiceField(
        label=_("Addressee"), coerce=int, empty_value=None, required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        error_messages={
            "required": _(
                "This line asks for something, and nobody answers for it. Choose who, or say that "
                "it is information."
            )
        },
    )
    due_date = day_field(
        _("Due date"),
        error_messages={"required": _("By when? Whoever is asked needs a day.")},
    )
    after_vote = _after_vote_field()
    check_date = day_field(
        _("Checked on"),
        required=False,
        help_text=_("Left open: the first meeting on or after the due date."),
    )
    check_meeting = forms.TypedChoiceField(
        label=_("or at the meeting"), coerce=int, empty_value=None, required=False
    )
    evidence_asked = LineField(label=_("Evidence asked for"), max_length=300, required=False)
    place = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    why = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        institutions: Sequence[Any],
        verbs: Mapping[int, Sequence[str]],
        meetings: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # Whoever reads the rows sees at once which of them still lack a day.
        asks = self["kind"].value() != OutcomeKind.INFORMATION.value
        self.fields["due_date"].required = asks
        set_choices(self, "owner", [("", _("nobody")), *institutions])
        set_choices(self, "check_meeting", [("", "–"), *meetings])
        allowed = verbs.get(natural(str(self["owner"].value() or "")) or 0, ())
        set_choices(
            self,
            "kind",
            [
                *([] if self["kind"].value() else [("", _("Choose"))]),
                *((verb, VERBS[verb]) for verb in allowed),
                *((kind.value, KINDS[kind]) for kind in (OutcomeKind.DECISION,) if allowed),
                (OutcomeKind.INFORMATION.value, KINDS[OutcomeKind.INFORMATION]),
            ],
        )

    def has_changed(self) -> bool:
        """Say so of every row: what a form set takes for left out would be recorded as nothing."""
        return True


class StepForm(VersionedForm):
    """What goes with a step: evidence, a note or a reason, another due date."""

    note = _text(_("What was done, where and when"), required=False)
    evidence = CheckedFileField(
        label=_("Photo or document"), accepted=ACCEPTED, most_mb=10, required=False
    )
    reason = _text(_("Reason"), rows=2, required=False)
    due_date = day_field(_("New due date"), required=False)


class VisitForm(KeyedForm):
    """A visit of guidance."""

    visit_date = day_field(_("Date of the visit"))
    team = LineField(label=_("Who visited"), max_length=300, required=False)
    findings = _text(_("What was found"), rows=5)
    advice = _text(_("Advice"), required=False)


class WordsForm(forms.Form):
    """The words of a letter; a point and a copy stand on a line each."""

    nature = forms.ChoiceField(
        label=_("Nature"), choices=[(word, word) for word in ("Biasa", "Segera", "Rahasia")]
    )
    enclosures = LineField(label=_("Enclosures"), max_length=100)
    subject = LineField(label=_("Subject"), max_length=300)
    opening = _text(_("Opening"))
    points = _text(_("Points, one a line"), rows=6)
    closing = _text(_("Closing"), rows=2, required=False)
    copies = _text(_("Copies, one a line"), rows=3, required=False)

    def draft(self) -> Draft:
        """Return what was entered."""
        data = self.cleaned_data
        return Draft(
            data["subject"],
            data["opening"],
            tuple(data["points"].splitlines()),
            data["closing"],
            tuple(data["copies"].splitlines()),
            data["nature"],
            data["enclosures"],
        )


class LetterForm(WordsForm, VersionedForm):
    """The words of a draft that is stored."""


class DraftForm(forms.Form):
    """Which letter to draft."""

    verb = LineField(max_length=20, required=False)
    level = forms.IntegerField(min_value=0, max_value=2, required=False)
    ground = LineField(label=_("Legal ground"), max_length=300, required=False)


class SentForm(VersionedForm):
    """What the state's own systems gave a letter."""

    number = LineField(label=_("Number"), max_length=100)
    letter_date = day_field(_("Date of the letter"))
