"""Loads: packed, sent off, received by a scanned code, settled where they differ; their record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.logistics import actions, documents, forms, words
from serentak.logistics.permissions import KEEP_STOCK, VIEW_LOGISTICS
from serentak.logistics.queries import catalogues, loads
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.loads import Load, LoadLine, answers_for, signs_on_paper
from serentak.logistics.queries.orders import asked_lines, order_of
from serentak.logistics.queries.stock import lying_at
from serentak.logistics.rules.custody import ConsignmentState, load_status
from serentak.logistics.rules.ledger import Condition
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.documents import PDF, download, square
from serentak.platform.evidence import send_file
from serentak.platform.web.forms import UNPROCESSABLE, add_refusal, carried_out, natural
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.words import fault_text

from .deeds import Deed, enter
from .heads import head


def _load_path(_place: PlaceCode, load_id: int) -> str:
    return reverse("logistics:load", args=[load_id])


def _pack(
    *,
    place: PlaceCode,
    destination: str,
    due_day: date,
    due_hour: time,
    seals: Sequence[str],
    **given: Any,
) -> int:
    to = PlaceCode(destination)
    due_at = datetime.combine(due_day, due_hour, tzinfo=places.zone_of(to))
    made: int = actions.pack(place=place, destination=to, due_at=due_at, seals=seals, **given)
    return made


PACK = Deed(
    gettext_lazy("Pack a load"),
    gettext_lazy(
        "What goes with one vehicle or boat to one keeper. It is handed over by a record; until "
        "then its pieces are under way and nobody else can take them."
    ),
    forms.PackForm,
    forms.PackedRow,
    _pack,
    gettext_lazy("The load was packed."),
    (Condition.GOOD,),
    is_for_stores=False,
    to=_load_path,
)


@requires(KEEP_STOCK)
def pack(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Pack a load for another keeper."""
    offered = [(card.code, card.full_name) for card in loads.destinations(place)]
    deed = replace(PACK, form=partial(forms.PackForm, places=offered))
    order_id = natural(request.GET.get("order", ""))
    if found := order_of(order_id) if order_id else None:
        deed = replace(
            deed,
            first=tuple(_to_pack(place, found.pk)),
            initial={
                "order_id": found.pk,
                "destination": found.destination.place_id,
                "due_day": found.needed_by,
            },
        )
    return enter(request, place, deed, request.POST or None)


def _to_pack(place: PlaceCode, order_id: int) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that would fill an order, out of the lots that lie there."""
    left = {line.what: line.open for line in asked_lines(order_id)}
    for lying in lying_at(place, Condition.GOOD, limit=MOST_KINDS):
        if amount := min(lying.quantity, left.get(lying.what, 0)):
            left[lying.what] -= amount
            yield {
                "what": forms.value_of(lying.what),
                "lot": lying.lot,
                "condition": lying.condition.value,
                "quantity": amount,
            }


MOST_KINDS = 500
"""Kinds of pieces among which those of an order are looked for."""


def _line_columns(*, is_received: bool) -> tuple[Column[LoadLine], ...]:
    def reason(row: LoadLine) -> str:
        known = custody().reasons.get(row.reason)
        return said(known.name) if known else row.reason

    first: tuple[Column[LoadLine], ...] = (
        Column("item", gettext_lazy("Item"), lambda row: catalogues.what_text(row.what)),
        Column("lot", gettext_lazy("Lot"), lambda row: row.lot),
        Column("condition", gettext_lazy("Condition"), lambda row: words.CONDITIONS[row.condition]),
        Column("shipped", pgettext_lazy("pieces", "Shipped"), lambda r: r.shipped, Kind.NUMBER),
    )
    if not is_received:
        return first
    return (
        *first,
        Column("accepted", pgettext_lazy("pieces", "Accepted"), lambda r: r.accepted, Kind.NUMBER),
        Column("rejected", pgettext_lazy("pieces", "Rejected"), lambda r: r.rejected, Kind.NUMBER),
        Column("missing", pgettext_lazy("pieces", "Missing"), lambda r: r.missing, Kind.NUMBER),
        Column("surplus", gettext_lazy("More than shipped"), lambda r: r.surplus, Kind.NUMBER),
        Column("reason", gettext_lazy("Reason"), reason, is_wide=True),
    )


@requires(VIEW_LOGISTICS)
def load(request: HttpRequest, load_id: int) -> HttpResponse:
    """Show a load: what is in it, where it is, what one may do now, what happened."""
    found = _seen(load_id, viewer_of(request))
    return _page(request, found)


def _seen(load_id: int, viewer: Viewer) -> Load:
    """Return a load that the viewer may see: where it comes from, or where it goes."""
    found = loads.load(load_id)
    if found is None:
        raise Http404
    return _checked(found, viewer)


def _checked(found: Load, viewer: Viewer) -> Load:
    ends = (found.origin.place_id, found.destination.place_id)
    if not any(viewer.may(VIEW_LOGISTICS, PlaceCode(place)) for place in ends):
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Load,
    *,
    status: int = 200,
    **sent: Any,
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    state = ConsignmentState(found.state)
    lines = loads.lines_of(found.pk)
    gives, takes = answers_for(viewer, found.origin), answers_for(viewer, found.destination)
    table = Table(
        name="lines",
        title=_("What is in it"),
        columns=_line_columns(is_received=found.received_at is not None),
        rows=lines,
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    version = {"version": found.version}
    is_open = gives and state is ConsignmentState.DIFFERENT
    open_lines = [line for line in lines if line.open]
    context = {
        **_head(found, found.number),
        "load": found,
        "state": words.LOAD_STATES[state],
        "mark": load_status(state, due_at=found.settle_by or found.due_at, at=at),
        "leg": said(leg.name) if (leg := custody().legs.get(found.leg)) else "",
        "table": table,
        "seals": loads.seals_of(found.pk),
        "depart": sent.get("depart") or forms.DepartForm(initial=version)
        if gives and state is ConsignmentState.PACKED
        else None,
        "unload": sent.get("unload") or forms.UnloadForm(initial=version)
        if gives and state in (ConsignmentState.PACKED, ConsignmentState.UNDER_WAY)
        else None,
        "settle": sent.get("settle") or forms.SettleForm(initial=version) if is_open else None,
        "became": _zipped(sent.get("became") or _became(open_lines), open_lines) if is_open else (),
        "may_receive": state is ConsignmentState.UNDER_WAY and (gives or takes),
        "receive_path": reverse("logistics:receive_load", args=[found.code]),
        "qr": _qr(request, found),
        "escort_asked": said(leg.escort) if leg else "",
    }
    return render(request, "logistics/load.html", context, status=status)


def _head(found: Load, title: str) -> dict[str, Any]:
    """Return the head of a load's page, of the place from which it comes."""
    return head(PlaceCode(found.origin.place_id), title)


def _qr(request: HttpRequest, found: Load) -> SafeString:
    """Return the code that opens the page on which a load is received."""
    path = reverse("logistics:receive_load", args=[found.code])
    made = square(request.build_absolute_uri(path))
    return mark_safe(made.svg_inline(scale=4, border=2, dark="#000", light="#fff"))  # noqa: S308 -- drawn here, of an address of ours


@requires(KEEP_STOCK)
@require_POST
def depart(request: HttpRequest, load_id: int) -> HttpResponse:
    """Let a load leave."""
    found = _seen(load_id, viewer_of(request))
    form = forms.DepartForm(request.POST)
    act = partial(actions.depart, consignment_id=load_id)
    answer = carried_out(
        request,
        form,
        act,
        done=_("The load has left."),
        to=reverse("logistics:load", args=[load_id]),
    )
    return answer or _page(request, found, status=UNPROCESSABLE, depart=form)


@requires(KEEP_STOCK)
@require_POST
def unload(request: HttpRequest, load_id: int) -> HttpResponse:
    """Put a load back where it came from."""
    found = _seen(load_id, viewer_of(request))
    form = forms.UnloadForm(request.POST)
    act = partial(actions.unload, consignment_id=load_id)
    said_ = _("The pieces are back where they came from.")
    answer = carried_out(
        request, form, act, done=said_, to=reverse("logistics:load", args=[load_id])
    )
    return answer or _page(request, found, status=UNPROCESSABLE, unload=form)


@requires(KEEP_STOCK)
@require_POST
def settle(request: HttpRequest, load_id: int) -> HttpResponse:
    """Say what became of what was rejected or missing."""
    found = _seen(load_id, viewer_of(request))
    lines = [line for line in loads.lines_of(load_id) if line.open]
    form, rows = forms.SettleForm(request.POST), _became(lines, request.POST)
    if form.is_valid() & rows.is_valid():
        became = {line.id: row.became() for line, row in zip(lines, rows.forms, strict=True)}
        try:
            actions.settle(
                consignment_id=load_id,
                became=became,
                **form.cleaned_data,
                actor=viewer_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            _tell(form, rows, refused)
        else:
            messages.success(request, _("The difference was settled."))
            return redirect("logistics:load", load_id)
    return _page(request, found, status=UNPROCESSABLE, settle=form, became=rows)


def _became(lines: Sequence[LoadLine], data: Any = None) -> "BaseFormSet[Any]":
    return _set_of(forms.BecameLine, len(lines), data, [{"returned": line.open} for line in lines])


def _set_of(
    kind: type[django_forms.Form],
    count: int,
    data: Any,
    initial: Sequence[Mapping[str, Any]],
    **given: Any,
) -> "BaseFormSet[Any]":
    """Return one form a line; what was sent must hold as many."""
    made: Any = formset_factory(
        kind, extra=0, min_num=count, max_num=count, absolute_max=count,
        validate_min=True, validate_max=True,
    )  # fmt: skip
    told = {"missing_management_form": _("The rows did not arrive whole. Fill them in again.")}
    rows: BaseFormSet[Any] = made(
        data, initial=list(initial), prefix="rows", form_kwargs=given, error_messages=told
    )
    return rows


def _zipped(
    rows: "BaseFormSet[Any]", lines: Sequence[LoadLine]
) -> tuple["BaseFormSet[Any]", list[tuple[Any, LoadLine, str]]]:
    named = [
        (row, line, catalogues.what_text(line.what))
        for row, line in zip(rows.forms, lines, strict=False)
    ]
    return rows, named


def _tell(form: django_forms.Form, rows: "BaseFormSet[Any]", refused: Refused) -> None:
    """Show each fault at the line and field that it names, above the form where it names none."""
    for fault in refused.faults:
        if fault.row is not None and fault.row <= len(rows.forms):
            row = rows.forms[fault.row - 1]
            name = (fault.field or "").rpartition("_")[0]
            row.add_error(name if name in row.fields else None, fault_text(fault))
        else:
            add_refusal(form, Refused.of(fault))


@requires(KEEP_STOCK)
def receive_load(request: HttpRequest, code: str) -> HttpResponse:
    """Take a load over: count it, read its seals, sign; opened by the code on its paper."""
    viewer = viewer_of(request)
    found = loads.load_by_code(code)
    if found is None:
        raise Http404
    _checked(found, viewer)
    takes, gives = answers_for(viewer, found.destination), answers_for(viewer, found.origin)
    if not (takes or gives) or found.state == ConsignmentState.PACKED:
        return redirect("logistics:load", found.pk)
    if found.received_at and request.method != "POST":
        messages.info(request, _("This load was received already."))
        return redirect("logistics:load", found.pk)
    is_paper = signs_on_paper(viewer, found)
    lines = loads.lines_of(found.pk)
    reasons = [(key, said(one.name)) for key, one in custody().reasons.items()]
    form = forms.HandOverForm(request.POST or None, request.FILES or None, is_paper=is_paper)
    rows = _set_of(
        forms.CountedLine, len(lines), request.POST or None,
        [{"accepted": line.shipped} for line in lines], reasons=reasons,
    )  # fmt: skip
    failed = False
    if request.method == "POST":
        failed = True
        if form.is_valid() & rows.is_valid():
            counted = {line.id: row.counted() for line, row in zip(lines, rows.forms, strict=True)}
            try:
                actions.hand_over(
                    consignment_id=found.pk,
                    counted=counted,
                    **form.cleaned_data,
                    actor=viewer,
                    at=clock.now(),
                )
            except Refused as refused:
                _tell(form, rows, refused)
            else:
                messages.success(request, _("The hand-over was recorded."))
                return redirect("logistics:load", found.pk)
    context = {
        **_head(found, _("Receive %(number)s") % {"number": found.number}),
        "load": found,
        "form": form,
        "rows": _zipped(rows, lines),
        "is_paper": is_paper,
    }
    status = UNPROCESSABLE if failed else 200
    return render(request, "logistics/receive_load.html", context, status=status)


@requires(VIEW_LOGISTICS)
def record(request: HttpRequest, load_id: int) -> HttpResponse:
    """Give the record of a hand-over, to be signed or as it was signed here."""
    found = _seen(load_id, viewer_of(request))
    path = request.build_absolute_uri(reverse("logistics:receive_load", args=[found.code]))
    content = documents.load_pdf(
        found,
        loads.lines_of(load_id),
        loads.seals_of(load_id),
        link=path,
        is_drill=bool(clock.state().scene),
    )
    return download(content, f"bast-{found.number.replace('/', '-')}.pdf", PDF)


@requires(VIEW_LOGISTICS)
def photo(request: HttpRequest, load_id: int) -> FileResponse:
    """Send the photo of the signed record to one who may see the load."""
    found = _seen(load_id, viewer_of(request))
    if found.record is None:
        raise Http404
    return send_file(found.record)


LOADS: tuple[Column[Any], ...] = (
    Column(
        "number",
        gettext_lazy("Load"),
        lambda row: row.number,
        link=lambda row: reverse("logistics:load", args=[row.pk]),
        order=("number",),
    ),
    Column("origin", pgettext_lazy("of a load", "From"), lambda row: row.origin.place.name,
           order=("origin__place",)),
    Column("destination", pgettext_lazy("of a load", "To"), lambda row: row.destination.place.name,
           order=("destination__place",)),
    Column("state", gettext_lazy("State"),
           lambda row: words.LOAD_STATES[ConsignmentState(row.state)], order=("state",)),
    Column("pieces", gettext_lazy("Pieces"), lambda row: row.pieces, Kind.NUMBER,
           order=("pieces",)),
    Column("due", gettext_lazy("To arrive by"), lambda row: row.due_at, Kind.MOMENT,
           order=("due_at",)),
    Column("received", gettext_lazy("Received"), lambda row: row.received_at, Kind.MOMENT,
           order=("received_at",)),
    Column("vehicle", gettext_lazy("Vehicle or boat"), lambda row: row.vehicle, is_wide=True,
           order=("vehicle",)),
)  # fmt: skip
