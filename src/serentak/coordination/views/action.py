"""An action: its page, its steps, its evidence, and drafting a letter on it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.coordination import actions
from serentak.coordination.events import LetterDiscarded, LetterDrafted, LetterRevised
from serentak.coordination.forms import DraftForm, StepForm
from serentak.coordination.permissions import (
    ANSWER_ACTION,
    DRAFT_LETTER,
    GIVE_ACTION,
    VIEW_COORDINATION,
)
from serentak.coordination.queries import follow_up, meetings
from serentak.coordination.queries import letters as letter_queries
from serentak.coordination.queries.addressees import allowed_verbs
from serentak.coordination.queries.asking import vote_of
from serentak.coordination.rules.states import NEEDS_A_REASON, ActionEvent, events_of
from serentak.coordination.words import ACTION_STATES, LETTER_STATES, STANDINGS, STEPS, VERBS
from serentak.institutions import public as institutions
from serentak.institutions.public import voices
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.evidence import send_file
from serentak.platform.web.forms import carried_out, pressed

from .parts import head_of_page, leads_in


@requires(VIEW_COORDINATION)
def action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Show an action: what was asked, where it stands, what one may do now, what happened."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    return render(
        request,
        "coordination/action.html",
        _action_context(card, viewer, StepForm(initial={"version": card.version}), ""),
    )


@requires(VIEW_COORDINATION)
def evidence(request: HttpRequest, action_id: int) -> FileResponse:
    """Send the file that proves an action to one who may see it."""
    return send_file(follow_up.evidence_of(action_id, viewer_of(request)))


@requires(VIEW_COORDINATION)
@require_POST
def step(request: HttpRequest, action_id: int, step: str) -> HttpResponse:
    """Do one step and return to the action; a refusal is shown there and nothing typed is lost."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    try:
        event = ActionEvent(step.upper())
    except ValueError:
        raise Http404 from None
    form = StepForm(request.POST, request.FILES)
    answer = carried_out(
        request,
        form,
        lambda actor, at, **given: getattr(actions, f"{event.lower()}_action")(
            action_id=action_id, **_given(event, given), actor=actor, at=at
        ),
        done=_("Recorded: %(step)s.") % {"step": STEPS[event]},
        to=card.link,
    )
    if answer:
        return answer
    context = _action_context(card, viewer, form, step)
    return render(request, "coordination/action.html", context, status=422)


def _given(event: ActionEvent, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a step takes of what was entered."""
    names = ["version"]
    if event is ActionEvent.COMPLETE:
        names += ["note", "evidence"]
    elif event in NEEDS_A_REASON:
        names += ["reason"]
    if event is ActionEvent.REOPEN:
        names += ["due_date"]
    return {name: given[name] for name in names}


def _action_context(
    card: follow_up.ActionCard, viewer: Viewer, form: StepForm, asked: str
) -> dict[str, Any]:
    at = clock.now()
    answers = card.owner.id in voices(viewer, ANSWER_ACTION)
    asks = card.sender.id in voices(viewer, GIVE_ACTION)
    writes = card.sender.id in voices(viewer, DRAFT_LETTER)
    verbs = allowed_verbs(card.sender, [card.owner])[card.owner.id] if writes else []
    return {
        **head_of_page(card.place, viewer, card.words),
        "item": card,
        "is_private": card.is_confided,
        "sees_evidence": follow_up.sees_evidence(card, viewer),
        "alert_link": card.alert_link if leads_in(viewer, card.alert_link) else "",
        "form": form,
        "asked": asked.upper(),
        "steps": [
            {
                "event": event.value,
                "slug": event.value.lower(),
                "label": STEPS[event],
                "needs_reason": event in NEEDS_A_REASON,
                "needs_evidence": event is ActionEvent.COMPLETE,
                "takes_day": event is ActionEvent.REOPEN,
                "is_plain": event not in NEEDS_A_REASON and event is not ActionEvent.COMPLETE,
            }
            for event in events_of(card.state, answers=answers, asks=asks)
        ],
        "state_word": ACTION_STATES[card.state],
        "vote_date": vote_of(card.place),
        "standing_word": STANDINGS[card.standing],
        "verb_word": VERBS[card.verb],
        "holder": follow_up.holder_of(card.owner, at=at),
        "meeting": meetings.meeting_of(card, viewer),
        "letters": [
            (letter, VERBS[letter.verb], LETTER_STATES[letter.state])
            for letter in letter_queries.letters_of(card.id, with_drafts=writes)
        ],
        "letter_verbs": [(v.value, VERBS[v.value]) for v in verbs if v.value not in _NOT_OFFERED],
        "may_reprimand": institutions.Verb.REPRIMAND in verbs,
        "history": follow_up.history(f"action:{card.id}", without=() if writes else UNSENT_LETTERS),
        "today": clock.local_date(at, zone=places.zone_of(card.place).key),
    }


_NOT_OFFERED = frozenset({"REPORT", "REPRIMAND"})

UNSENT_LETTERS = frozenset(
    f"coordination.{event.__name__}" for event in (LetterDrafted, LetterRevised, LetterDiscarded)
)
"""What the history of an action tells only those who draft: the addressee may not know yet."""


@requires(DRAFT_LETTER)
@require_POST
def draft(request: HttpRequest, action_id: int) -> HttpResponse:
    """Draft a letter and open it."""
    viewer = viewer_of(request)
    card = follow_up.action_card(action_id, viewer, at=clock.now())
    form = DraftForm(request.POST)
    if not form.is_valid():
        return redirect(card.link)
    given = {**form.cleaned_data, "level": form.cleaned_data["level"] or 0}
    return pressed(
        request,
        partial(actions.draft_letter, action_id=action_id, **given),
        to=lambda letter_id: reverse("coordination:letter", args=[letter_id]),
        back=card.link,
    )
