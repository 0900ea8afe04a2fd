"""Recording checks: the form of one place, and a sheet of many."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.facilities import actions, forms, importers
from serentak.facilities.actions import Answered
from serentak.facilities.permissions import RECORD_CHECKS
from serentak.facilities.queries import checks
from serentak.facilities.rules.checklists import Checklist
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.sheets import Problem, SheetRow
from serentak.platform.web.formats import number
from serentak.platform.web.forms import carried_out, render_form
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken

from .heads import head
from .place import known_at


@requires(RECORD_CHECKS)
def check(request: HttpRequest, place: PlaceCode, checklist: str) -> HttpResponse:
    """Answer a checklist at one place; without signal the device keeps the answers."""
    known = known_at(place, checklist)
    if level_of(place) != known.level or not checks.may_check(viewer_of(request), place):
        raise Http404
    found = checks.standing(place, known.key)
    before = found.answers if found and found.version == known.version else {}
    form = forms.CheckForm(request.POST or None, checklist=known, before=before)
    to = reverse("facilities:checklist", args=[place, known.key])
    act = partial(_record, place, known, form)
    answer = carried_out(request, form, act, done=_("The answers were recorded."), to=to)
    if answer:
        return answer
    context = {**head(place, _("Record a check"), under=known.key), "known": known}
    return render_form(request, "facilities/check.html", form, context)


def _record(
    place: PlaceCode,
    known: Checklist,
    form: forms.CheckForm,
    *,
    client_key: UUID,
    actor: Viewer,
    at: Any,
    **_answers: Any,
) -> int:
    return actions.record_checks(
        client_key=client_key,
        checklist=known.key,
        rows=[Answered(place, form.answers())],
        actor=actor,
        at=at,
    )


class ChecksImport(ImportView):
    """Records the checks that a sheet lists: a row for each place, a column for each question."""

    title = gettext_lazy("Checks from a sheet")
    about = gettext_lazy(
        "A row for each place, a column for each question: ya, tidak, sudah, belum, ada, or a "
        "number. An empty cell or a dash was not looked at, and keeps its last answer."
    )

    @property
    def place(self) -> PlaceCode:
        """Of which area."""
        return PlaceCode(self.kwargs["place"])

    @property
    def known(self) -> Checklist:
        """Of which checklist."""
        return known_at(self.place, self.kwargs["checklist"])

    def check_access(self) -> None:
        """Exist for who checks there."""
        if level_of(self.place) == Level.COUNTRY or not checks.may_check(self.viewer, self.place):
            raise Http404
        self.columns = importers.columns_of(self.known)

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Name what is wrong in all rows."""
        read = self._read(rows)
        if not read.rows and not read.problems:
            return [Problem(None, None, "facilities.sheet_is_empty")]
        return read.problems

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say how many places are checked, and which rows answer nothing."""
        read = self._read(rows)
        return [
            Outlook(_("Places checked"), number(len(read.rows))),
            Outlook(_("Answers"), number(sum(len(row.answers) for row in read.rows))),
            Outlook(_("Rows without an answer, left out"), number(read.silent)),
        ]

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the places that may be checked."""
        above = self._above()
        return [
            {
                "code": card.code,
                "district": _name(above, card.code, Level.DISTRICT),
                "village": _name(above, card.code, Level.VILLAGE),
                "regency": card.name,
                "number": card.code[-3:],
            }
            for card in checks.to_check(self.place, self.known.level)
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Record all rows."""
        read = self._read(rows)
        count = actions.record_checks(
            client_key=uuid5(NAMESPACE_OID, f"{self.place} {self.known.key} {held.digest}"),
            checklist=self.known.key,
            rows=[Answered(row.place, row.answers, row.number) for row in read.rows],
            actor=self.viewer,
            at=clock.now(),
        )
        text = ngettext("%(n)s place was checked.", "%(n)s places were checked.", count)
        path = reverse("facilities:checklist", args=[self.place, self.known.key])
        return Taken(path, text % {"n": number(count)})

    def context(self) -> Mapping[str, Any]:
        """Show the place and the checklist."""
        return head(self.place, self.title, said(self.known.name), under=self.known.key)

    def _read(self, rows: Sequence[SheetRow]) -> importers.ReadChecks:
        cards = checks.to_check(self.place, self.known.level)
        return importers.read_checks(rows, self.known, importers.Known.of(cards, self._above()))

    def _above(self) -> Mapping[PlaceCode, places.PlaceCard]:
        """Return the villages and districts of the area, by code."""
        own = {card.code: card for card in places.path(self.place)}
        for level in (Level.DISTRICT, Level.VILLAGE):
            if level_of(self.place) < level <= self.known.level:
                own |= {card.code: card for card in places.descendants(self.place, level)}
        return own


def _name(above: Mapping[PlaceCode, places.PlaceCard], code: str, level: Level) -> str:
    card = above.get(PlaceCode(code[:level]))
    return card.name if card else ""


import_checks = requires(RECORD_CHECKS)(ChecksImport.as_view())
