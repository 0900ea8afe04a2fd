"""One activity with everything known of it; its target and whether it is done at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import Source
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import View, requires, viewer_of
from serentak.platform.audit import HistoryEntry, HistoryLine
from serentak.platform.catalogue import said
from serentak.platform.templatetags.serentak import event_sentence
from serentak.platform.web.formats import countdown, day
from serentak.platform.web.forms import form_page
from serentak.readiness import actions, words
from serentak.readiness.forms import AgreeForm, MoveForm, ProposeForm, ReasonForm, seen_target
from serentak.readiness.permissions import (
    AGREE_TARGET,
    DROP_ACTIVITY,
    MOVE_TARGET,
    PROPOSE_TARGET,
    VIEW_READINESS,
)
from serentak.readiness.queries.board import catalogue, vote_date
from serentak.readiness.queries.plan import across
from serentak.readiness.queries.record import (
    ActivityRecord,
    activity_record,
    agreeing_meetings,
    proposed_targets,
)
from serentak.readiness.rules.activities import Definition, Drop
from serentak.readiness.rules.states import (
    ActivityEvent,
    TargetEvent,
    activity_after,
    target_after,
    target_version,
)

from .heads import page_head
from .plans import places_table, places_total


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that may be done with an activity: where, and how the button reads."""

    url_name: str
    label: str
    is_first: bool = False


@requires(VIEW_READINESS)
def activity(request: HttpRequest, place: PlaceCode, key: str) -> HttpResponse:
    """Show an activity: how far it is, what waits for it, reports, targets, history."""
    viewer, at = viewer_of(request), clock.now()
    found = catalogue()
    table, total = None, None
    if level_of(place) is Level.PROVINCE:
        everywhere = across(place, key, viewer=viewer, at=at)
        if everywhere.rows:
            if not found.activities[key].is_percent:
                total = places_total(everywhere.rows)
            table = places_table(everywhere.rows, everywhere.name).bind(request)
            if (answer := table.answer(request)) is not None:
                return answer
        if Level.PROVINCE not in found.activities[key].levels:
            head = page_head(
                place, title=everywhere.name, about=everywhere.aspect_name, when=everywhere
            )
            context = {**head, "across": everywhere, "table": table, "total": total}
            return render(request, "readiness/across.html", context)
    record = activity_record(place, key, viewer=viewer, at=at)
    definition = record.definition
    context = {
        **_head(record),
        "record": record,
        "row": record.planned,
        "total": total,
        "is_line": record.planned.line_id is not None,
        "table": table,
        "deeds": _deeds(record, viewer),
        "report_rows": "all" if record.planned.done_share < 1 else "finished",
        "consequence": found.consequences[definition.miss],
        "consequence_words": said(found.consequences[definition.miss].sentence),
        "source_words": _source_words(found.sources[definition.source], definition),
        "note": next((told for told in record.reports if told.is_note_of_progress), None),
        "drop_words": words.DROPS[definition.drop],
        "target_words": words.TARGET_STATES[record.planned.target_state],
        "report_kinds": words.REPORT_KINDS,
        "lines_differ": record.lines_total is not None
        and record.lines_total != record.planned.done_quantity,
        "history": [
            HistoryLine(e.at, _event_words(e, record), e.actor, str(e.facts.get("reason") or ""))
            for e in record.history
        ],
    }
    return render(request, "readiness/activity.html", context)


ASSUMED = "assumed"
"""The source of entries that nobody has published."""


def _source_words(source: Source, definition: Definition) -> str:
    """Say where an entry comes from, when it was published or looked at, and how sure it is."""
    shown = source.date
    if shown.count("-") == 2:  # year, month and day
        shown = day(date.fromisoformat(shown))
    if source.key == ASSUMED:
        text = _("Serentak's assumption, reviewed %(day)s; no published source yet")
        return text % {"day": shown}
    text = _("%(source)s (%(day)s), confidence %(confidence)s")
    return text % {
        "source": said(source.cite),
        "day": shown,
        "confidence": words.CONFIDENCES[definition.confidence],
    }


def _event_words(entry: HistoryEntry, record: ActivityRecord) -> str:
    """Say what happened to this activity; one meeting agrees the targets of many at once."""
    agreed = record.planned.baseline_date
    if entry.name == "readiness.TargetsAgreed" and agreed:
        text = _("Target agreed: %(label)s, %(day)s")
        return text % {"label": countdown(agreed, record.vote_date), "day": day(agreed, "short")}
    return event_sentence(entry)


def _deeds(record: ActivityRecord, viewer: Viewer) -> list[Deed]:
    """Return what the viewer may do with the activity in its present state."""
    row = record.planned
    deeds = []
    if record.may_report and row.status is not None:
        label = _("Report progress") if row.done_share < 1 else _("Correct what was reported")
        deeds.append(Deed("readiness:report", label, is_first=row.done_share < 1))
    proposes = target_after(row.target_state, TargetEvent.PROPOSE)
    may_move = row.done_share < 1 and not record.definition.fixed
    if PROPOSE_TARGET in record.may and proposes and may_move:
        deeds.append(Deed("readiness:propose", _("Propose another date")))
    moves = target_after(row.target_state, TargetEvent.REVISE)
    if MOVE_TARGET in record.may and moves and may_move:
        deeds.append(Deed("readiness:move", _("Move the target")))
    if DROP_ACTIVITY in record.may and row.done_share < 1:
        if activity_after(row.state, ActivityEvent.REINSTATE):
            deeds.append(Deed("readiness:reinstate", _("Take up again")))
        elif record.definition.drop is not Drop.NEVER:
            deeds.append(Deed("readiness:drop", _("Drop")))
    return deeds


def _change(
    permission: Permission,
    make: type[forms.Form],
    act: Callable[..., object],
    title: Promise,
    done: Promise,
) -> View:
    """Return the page on which an activity is changed by one action."""

    @requires(permission)
    def page(request: HttpRequest, place: PlaceCode, key: str) -> HttpResponse:
        record = activity_record(place, key, viewer=viewer_of(request), at=clock.now())
        if permission not in record.may:
            raise OutOfScope(permission, place)
        row = record.planned
        return form_page(
            request,
            make(
                request.POST or None,
                initial={
                    "target_date": row.target_date,
                    "version": target_version(row.target_date),
                },
            ),
            partial(act, activity_id=row.activity_id),
            {**_head(record, str(title)), "button": title, "record": record, "row": row},
            done=str(done),
            template="readiness/form.html",
        )

    return page


propose = _change(
    PROPOSE_TARGET,
    ProposeForm,
    actions.propose_target,
    gettext_lazy("Propose another date"),
    gettext_lazy("The date was proposed."),
)
move = _change(
    MOVE_TARGET,
    MoveForm,
    actions.move_target,
    gettext_lazy("Move the target"),
    gettext_lazy("The target was moved; the agreed date stays beside it."),
)
drop = _change(
    DROP_ACTIVITY,
    ReasonForm,
    actions.drop_activity,
    gettext_lazy("Drop"),
    gettext_lazy("The activity was dropped."),
)
reinstate = _change(
    DROP_ACTIVITY,
    ReasonForm,
    actions.reinstate_activity,
    gettext_lazy("Take up again"),
    gettext_lazy("The activity is open again."),
)


@requires(AGREE_TARGET)
def agree(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record which proposed targets a meeting agreed."""
    viewer, at = viewer_of(request), clock.now()
    proposed = proposed_targets(place, viewer=viewer) if level_of(place) < Level.DISTRICT else []
    when = vote_date(place)
    choices = [
        (
            seen_target(target.activity_id, target.target_date),
            f"{target.name} · {target.owner} · {day(target.target_date, 'short')}, "
            f"{countdown(target.target_date, when) if when else ''}",
        )
        for target in proposed
    ]
    meetings = agreeing_meetings(place, viewer=viewer, at=at) if proposed else []
    form = AgreeForm(
        request.POST or None,
        meetings=[
            (str(card.id), f"{day(card.date)} · {card.theme} ({card.host.short_name})")
            for card in meetings
        ],
        targets=choices,
        initial={"activity_ids": [value for value, _label in choices]},
    )

    about = _(
        "What a meeting agreed stands as the baseline; whoever moves it later gives a reason."
    )
    title = _("Agree targets of %(place)s") % {"place": places.path(place)[-1].full_name}
    head = page_head(place, title=title, here=_("Agree targets"), about=about)
    return form_page(
        request,
        form,
        actions.agree_targets,
        {**head, "has_targets": bool(proposed)},
        done=lambda count: (
            _("%(count)s targets agreed; they are the baseline now.") % {"count": count}
        ),
        template="readiness/agree.html",
    )


def _head(record: ActivityRecord, title: str = "") -> dict[str, Any]:
    """Return the head of an activity's page, or of one under it that has a title."""
    row = record.planned
    if not title:
        return page_head(row.place, title=row.name, about=row.aspect_name, when=record)
    activity = (row.name, reverse("readiness:activity", args=[row.place, row.key]))
    whole = _("%(title)s: %(name)s") % {"title": title, "name": row.name}
    return page_head(row.place, activity, title=whole, here=title, when=record)
