"""What people enter: the answers of a checklist, and what becomes of a defect."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.catalogue import said
from serentak.platform.web.forms import KeyedForm, LineField, VersionedForm, day_field

from .queries.catalogues import answer_text, checklists
from .rules.checklists import (
    LONGEST_TEXT,
    NOT_APPLICABLE,
    Answer,
    AnswerType,
    Checklist,
    Question,
)
from .words import YES_NO


class CheckForm(KeyedForm):
    """The questions of a checklist; what is left open keeps its last answer, which is shown."""

    def __init__(
        self, *args: Any, checklist: Checklist, before: Mapping[str, Answer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for question in checklist.questions.values():
            self.fields[question.key] = _field(question, before.get(question.key))

    def answers(self) -> dict[str, Answer]:
        """Return what was answered."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "client_key"}
        return {name: value for name, value in given.items() if value not in (None, "")}


def _field(question: Question, before: Answer | None) -> forms.Field:
    label = said(question.asks)
    hints = []
    if question.hard:
        hints.append(str(_("Grave: while it fails the place is not ready.")))
    if before is not None:
        hints.append(str(_("Last time: %(answer)s.")) % {"answer": answer_text(question, before)})
    given: dict[str, Any] = {"label": label, "help_text": " ".join(hints), "required": False}
    match question.type:
        case AnswerType.NUMBER:
            unit = checklists().units[question.unit or ""]
            return forms.IntegerField(
                **{**given, "label": f"{label} ({said(unit.name)})"},
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
        case AnswerType.TEXT:
            return LineField(**given, max_length=LONGEST_TEXT)
    options: dict[str, Any] = (
        dict(YES_NO)
        if question.type is AnswerType.YES_NO
        else {key: said(text) for key, text in question.options.items()}
    )
    if question.may_not_apply:
        options[NOT_APPLICABLE] = _("Does not apply here")
    return forms.ChoiceField(**given, choices=list(options.items()), widget=forms.RadioSelect)


class PromiseForm(VersionedForm):
    """By which day a defect will be mended."""

    promised_date = day_field(_("Mended by"))
    remark = LineField(
        label=pgettext_lazy("of a defect", "What will be done"), max_length=300, required=False
    )


class MendForm(VersionedForm):
    """How a defect was mended."""

    remark = LineField(label=pgettext_lazy("of a defect", "What was done"), max_length=300)


class DisputeForm(VersionedForm):
    """Why a defect is none."""

    remark = LineField(label=_("Why it is no defect, or whose it is"), max_length=300)


class MoveForm(VersionedForm):
    """Which other site there is."""

    remark = LineField(label=_("Which other site, or why this one cannot stay"), max_length=300)
