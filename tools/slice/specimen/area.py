"""What specimen declares of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Area, Better, Line, Phase, place_entry
from serentak.kernel.briefing import Focus

from .public import VIEW_SPECIMEN, briefings

AREA = Area(
    slice="specimen",
    focus=Focus.SPECIMEN,
    permission=VIEW_SPECIMEN,
    name=pgettext_lazy("focus", "Specimens"),
    short_name=pgettext_lazy("focus, short", "Specimens"),
    question=_("A question about specimens?"),
    nothing_yet=_("Nobody has checked anything here yet"),
    order={Phase.BEFORE: 0, Phase.ON_THE_DAY: 0, Phase.AFTER: 0},
    ask=briefings,
    headline="specimen.in_order",
    divides=_("Per cent: in order, of all that was looked at in the area."),
    decides=("specimen.not_in_order",),
    lines=(
        Line("specimen.in_order", "specimen", Better.UP),
        Line("specimen.not_in_order", "specimen", Better.DOWN),
    ),
    page="specimen:overview",
    bar=(
        place_entry(pgettext_lazy("bar", "Specimens"), "specimen:overview", VIEW_SPECIMEN, rank=55),
    ),
)
