"""Words of the public pages; sentences are worded where the reports are."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from serentak.kernel.area import PublicTotal
from serentak.platform.web.formats import number

REFUSALS = {
    "portal.province_is_unknown": _("There is no province %(place)s whose election is set up."),
}

COLUMNS: Mapping[str, Promise] = {
    "place": _(
        "The place's code of the Ministry of Home Affairs; in CSV after ID-, so that spreadsheets "
        "keep it as text"
    ),
    "name": _("The place's name"),
    "responsible": _("Office of who answers for the place"),
    "published": _("true: a published sentence; false: the place's desk has published nothing"),
    "day": _("The day of the daily report"),
    "as_of": _(
        "When the report was signed off, by the clock of the place, with its distance from UTC"
    ),
    "section": _("Section of the report"),
    "area": _("Area of the operations room, such as READINESS; empty where it is of none"),
    "status": _("DONE, ON_TRACK, AT_RISK, LATE or NO_REPORT; empty where it tells no status"),
    "figure": _("Key of the figure; empty where the sentence tells none"),
    "value": _("The figure; empty where it is too small to be told without pointing at somebody"),
    "of": _("Of how many, where the figure is a part"),
    "text": _("The sentence, in Indonesian; empty where it was withdrawn by a correction"),
    "corrected_at": _("When it was corrected after it was signed off; empty where it was not"),
    "text_signed": _("What had been signed off, where it was corrected"),
}
"""What stands in each column of the data, in their order."""


def total_text(total: PublicTotal, count: int | None) -> str:
    """Return a public count in words; one that is too small is not told, nor that it is none."""
    least = pgettext("a count", "fewer than %(least)s") % {"least": number(total.least)}
    said = least if count is None else number(count)
    return gettext("%(label)s: %(count)s") % {"label": total.label, "count": said}
