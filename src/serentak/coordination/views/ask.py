"""Asking: what is asked, filled in from an alert, and its letter before anything is sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from serentak.coordination import actions, documents
from serentak.coordination.actions import Ask
from serentak.coordination.forms import AskForm, WordsForm
from serentak.coordination.permissions import DRAFT_LETTER, GIVE_ACTION
from serentak.coordination.queries import follow_up, meetings
from serentak.coordination.queries.addressees import addressees
from serentak.coordination.queries.alerts import read_signed, signed
from serentak.coordination.queries.asking import vote_ahead, vote_of
from serentak.coordination.queries.letters import letter_before, letter_link, letters_of
from serentak.coordination.queries.proposals import proposal_of
from serentak.coordination.queries.settings import restricted
from serentak.coordination.words import VERBS
from serentak.institutions import public as institutions
from serentak.institutions.public import voices
from serentak.kernel.acts import Proposal
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.refused import Refused
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.documents import PDF, download
from serentak.platform.web.forms import add_refusal, carried_out, render_form
from serentak.platform.words import word

from .parts import grouped, head_of_page, words_of


@requires(GIVE_ACTION)
def give(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Ask something of an institution: filled in from an alert, with the letter seen before.

    Nothing is stored or sent until somebody sends it, with the letter or without.
    """
    viewer, at = viewer_of(request), clock.now()
    speaker = voices(viewer, GIVE_ACTION).first
    given = request.POST or request.GET
    alert = read_signed(given.get("alert", ""))
    where = PlaceCode(given.get("where", ""))
    found = proposal_of(alert, place=where, speaker=speaker, at=at) if alert else None
    form = AskForm(
        request.POST or None,
        institutions=_to_choose(place, found),
        vote_date=vote_ahead(place, at=at),
        initial=_first_values(request, place, alert, found, at=at),
    )
    writes = viewer.may(DRAFT_LETTER, place) and speaker is not None
    pressed = request.POST.get("do", "letter" if writes else "send")
    if writes and (pressed == "letter" or (pressed != "edit" and "subject" in request.POST)):
        answer = _letter_before(request, form, place, found, pressed, at)
        if answer is not None:
            return answer
    elif pressed == "send":
        answer = carried_out(
            request,
            form,
            lambda actor, at, **_given: actions.create_action(
                client_key=form.cleaned_data["client_key"],
                ask=_ask(form.cleaned_data, place, found),
                guidance_id=form.cleaned_data["guidance"],
                actor=actor,
                at=at,
            ),
            done=_("The action was given."),
            to=follow_up.action_link,
        )
        if answer is not None:
            return answer
    return render_form(
        request,
        "coordination/ask.html",
        form,
        {
            **head_of_page(place, viewer, _("Ask for an action")),
            "button": _("Write the letter") if writes else _("Ask"),
            "writes": writes,
            "is_private": alert is not None and alert.code in restricted(),
            "speaker": speaker,
            "alert": alert,
            "alert_place": places.places([alert.place]).get(alert.place) if alert else None,
            "others": _others(alert, found),
            "who_else": ", ".join(institutions.kind_label(k) for k in found.who_else)
            if found
            else "",
        },
    )


def _letter_before(
    request: HttpRequest,
    form: AskForm,
    place: PlaceCode,
    found: Proposal | None,
    pressed: str,
    at: datetime,
) -> HttpResponse | None:
    """Show the letter of what would be asked, or send both; None where the form does not hold."""
    if request.method != "POST" or not form.is_valid():
        return None
    viewer = viewer_of(request)
    ask = _ask(form.cleaned_data, place, found)
    guidance = form.cleaned_data["guidance"]
    try:
        letter, sender, owner = letter_before(ask, guidance_id=guidance, viewer=viewer, at=at)
    except Refused as refused:
        add_refusal(form, refused)
        return None
    words = WordsForm(
        request.POST if "subject" in request.POST else None, initial=words_of(letter.draft)
    )
    if words.is_bound and words.is_valid():
        letter = replace(letter, draft=words.draft())
        if pressed == "pdf":
            return download(documents.letter_pdf(letter), "surat.pdf", PDF)
        if pressed == "send":
            return carried_out(
                request,
                form,
                lambda actor, at, **_given: actions.create_action(
                    client_key=form.cleaned_data["client_key"],
                    ask=ask,
                    letter=letter.draft,
                    guidance_id=guidance,
                    actor=actor,
                    at=at,
                ),
                done=_("The action was given; its letter is kept here as a draft."),
                to=lambda id: letter_link(letters_of(id, with_drafts=True)[0].id),
            )
    context = {
        **head_of_page(place, viewer, _("Letter"), owner.name),
        "asking": form,
        "speaker": sender,
        "owner": owner,
        "verb_word": VERBS[letter.verb],
        "due_date": ask.due_date,
        "letter": letter,
        "sheet": documents.sheet(letter),
        "is_private": ask.alert_code in restricted(),
    }
    return render_form(request, "coordination/compose.html", words, context)


def _to_choose(place: PlaceCode, found: Proposal | None) -> list[Any]:
    """Return whom one may choose: who can be addressed from the place, and who is proposed."""
    cards = addressees(place)
    if found and found.owner_id and found.owner_id not in {card.id for card in cards}:
        cards = [*institutions.institutions([found.owner_id]).values(), *cards]
    return grouped(cards)


def _first_values(
    request: HttpRequest,
    place: PlaceCode,
    alert: Alert | None,
    found: Proposal | None,
    *,
    at: datetime,
) -> dict[str, Any]:
    """Return what the address says of a visit or an alert, as the form's first values."""
    first: dict[str, Any] = {"guidance": request.GET.get("guidance")}
    if alert is not None:
        first |= {name: request.GET.get(name, "") for name in ("alert", "where")}
        first["text"] = word("ALERTS", alert.code, alert.params)
    if found is None:
        return first
    due = found.due_date
    ahead = [m for m in meetings.next_meetings(place, after=at) if due and m.date >= due]
    return first | {
        "owner": found.owner_id,
        "text": _sentence(said(found.act)),
        "due_date": due,
        # What the catalogue proposes for after the vote, such as a recapitulation, is meant so.
        "after_vote": bool(due and (vote := vote_of(place)) and due > vote),
        "check_date": ahead[0].date if ahead else None,
        "evidence_asked": said(found.evidence),
    }


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _others(alert: Alert | None, found: Proposal | None) -> list[tuple[str, str, bool]]:
    """Return the places of which an alert tells, each with the address of its own letter."""
    if alert is None or found is None or not found.places:
        return []
    names = places.places(found.places)
    page = f"{reverse('coordination:give', args=[alert.place])}?alert={signed(alert)}"
    return [
        (names[code].full_name, f"{page}&where={code}", code == found.place)
        for code in found.places
        if code in names
    ]


def _params(alert: Alert, found: Proposal | None) -> Mapping[str, object]:
    """Return what an action keeps of its alert, with the place for which its letter is."""
    where = {"where": found.place} if found and found.places else {}
    return {**alert.params, **where}


def _ask(given: Mapping[str, Any], place: PlaceCode, found: Proposal | None) -> Ask:
    """Return what was entered; it is done with who answers, if they sit in the place.

    Words left as they were proposed are kept in both languages, and as proof in Indonesian.
    """
    owner = institutions.institution(given["owner"])
    alert = given["alert"]
    text, text_en, evidence = given["text"], "", given["evidence_asked"]
    if found and text.strip() == _sentence(said(found.act)):
        text, text_en = _sentence(found.act["id"]), _sentence(found.act["en"])
    if found and evidence.strip() == said(found.evidence):
        evidence = found.evidence["id"]
    return Ask(
        owner_id=given["owner"],
        text=text,
        text_en=text_en,
        due_date=given["due_date"],
        place=owner.place if owner and is_within(owner.place, place) else place,
        verb=given["kind"],
        person=given["person"],
        evidence_asked=evidence,
        check_date=given["check_date"],
        alert_code=alert.code if alert else "",
        alert_params=_params(alert, found) if alert else {},
        alert_link=alert.link if alert else "",
    )
