"""Sets which sentences of a report are for everybody."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import PlaceCode
from serentak.platform.access import requires
from serentak.platform.web.forms import natural
from serentak.reporting import actions
from serentak.reporting.forms import PublicForm
from serentak.reporting.permissions import PUBLISH_REPORT
from serentak.reporting.queries.publishing import ids_to_mark

from .page import Sent, done


@requires(PUBLISH_REPORT)
@require_POST
def mark_public(request: HttpRequest, place: PlaceCode, report_id: int) -> HttpResponse:
    """Set which sentences are for everybody; the ticks stand beside the sentences."""
    ticked = [id for text in request.POST.getlist("public") if (id := natural(text)) is not None]
    ids = ids_to_mark(report_id, ticked, request.POST.get("marks", ""))
    act = partial(actions.mark_public, report_id=report_id, sentence_ids=ids)
    said = _("The public part was set; it appears once the report is submitted.")
    return done(request, place, Sent("public", PublicForm(request.POST)), act, said)
