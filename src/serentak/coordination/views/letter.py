"""A letter: its words, its documents, number and date from outside."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.coordination import actions, documents
from serentak.coordination.forms import LetterForm, SentForm
from serentak.coordination.permissions import DRAFT_LETTER, VIEW_COORDINATION
from serentak.coordination.queries import follow_up
from serentak.coordination.queries import letters as letter_queries
from serentak.coordination.rules.states import LetterState
from serentak.coordination.words import LETTER_STATES, VERBS
from serentak.institutions.public import voices
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.documents import DOCX, PDF, download
from serentak.platform.web.forms import carried_out, pressed, render_form, seen_version

from .parts import head_of_page, words_of


@requires(VIEW_COORDINATION)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show a letter beside its words, which can be changed while it is a draft."""
    viewer = viewer_of(request)
    card = letter_queries.letter_card(letter_id, viewer)
    first = {**words_of(card.draft), "version": card.version}
    form = LetterForm(request.POST or None, initial=first)
    answer = carried_out(
        request,
        form,
        lambda version, actor, at, **_given: actions.revise_letter(
            letter_id=letter_id, version=version, draft=form.draft(), actor=actor, at=at
        ),
        done=_("The draft was saved."),
        to=request.path,
    )
    return answer or _letter_page(request, card, viewer, form)


def _letter_page(
    request: HttpRequest,
    card: letter_queries.LetterCard,
    viewer: Viewer,
    form: LetterForm,
    sent_form: SentForm | None = None,
) -> HttpResponse:
    row = follow_up.action_card(card.action_id, viewer, at=clock.now())
    may = viewer.may(DRAFT_LETTER, card.place) and row.sender.id in voices(viewer, DRAFT_LETTER)
    context = {
        **head_of_page(card.place, viewer, card.draft.subject),
        "letter": card,
        "item": row,
        "is_private": row.is_confided,
        "verb_word": VERBS[card.verb],
        "state_word": LETTER_STATES[card.state],
        "sheet": documents.sheet(card),
        "may_change": may and card.state is LetterState.DRAFT,
        "sent_form": sent_form or SentForm(initial={"version": card.version}),
        "history": follow_up.history(f"letter:{card.id}"),
    }
    if sent_form is not None and sent_form.errors:
        return render(request, "coordination/letter.html", {"form": form, **context}, status=422)
    return render_form(request, "coordination/letter.html", form, context)


@requires(DRAFT_LETTER)
@require_POST
def sent(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Note number and date of a letter that was signed outside."""
    viewer = viewer_of(request)
    card = letter_queries.letter_card(letter_id, viewer)
    form = SentForm(request.POST)
    answer = carried_out(
        request,
        form,
        partial(actions.mark_letter_sent, letter_id=letter_id),
        done=_("The letter is marked as sent."),
        to=reverse("coordination:letter", args=[letter_id]),
    )
    if answer:
        return answer
    words = LetterForm(initial={**words_of(card.draft), "version": card.version})
    return _letter_page(request, card, viewer, words, form)


@requires(DRAFT_LETTER)
@require_POST
def discard(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Put a draft away."""
    card = letter_queries.letter_card(letter_id, viewer_of(request))
    return pressed(
        request,
        partial(actions.discard_letter, letter_id=letter_id, version=seen_version(request)),
        done=_("The draft was put away."),
        to=follow_up.action_link(card.action_id),
    )


@requires(VIEW_COORDINATION)
def document(request: HttpRequest, letter_id: int, kind: str) -> HttpResponse:
    """Give a letter as an editable document or as a page to read."""
    card = letter_queries.letter_card(letter_id, viewer_of(request))
    make, content_type = _DOCUMENTS[kind]
    return download(make(card), f"{documents.file_name(card)}.{kind}", content_type)


_DOCUMENTS = {"docx": (documents.letter_docx, DOCX), "pdf": (documents.letter_pdf, PDF)}
