"""What security declares of itself: is what happens answered in time?"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.area import Area, Better, Line, Phase, PublicTotal, place_entry
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level

from .permissions import REPORT_INCIDENT, VIEW_SECURITY
from .public import LEAST, briefings, closed_until, referred, sentences
from .queries.counts import COUNTS

AREA = Area(
    slice="security",
    counts=COUNTS,
    focus=Focus.SECURITY,
    permission=VIEW_SECURITY,
    name=pgettext_lazy("focus", "Security"),
    short_name=pgettext_lazy("focus, short", "Security"),
    question=_("Who guards the stations, and is what happens answered in time?"),
    nothing_yet=_("Nobody has told anything of security here yet"),
    order={Phase.BEFORE: 4, Phase.ON_THE_DAY: 1, Phase.AFTER: 4},
    ask=briefings,
    tells=sentences,
    headline="security.covered",
    divides=_("Per cent: stations with officers by the adopted posting, of all in the area."),
    decides=("security.past_clock", "security.officers_lack"),
    lines=(
        Line("security.open", "security/incidents?state=open", Better.DOWN),
        Line("security.past_clock", "security/incidents?clock=past", Better.DOWN),
        Line("security.in_time", "security/incidents?state=closed", Better.UP),
        Line("security.officers_lack", "posting", Better.DOWN),
        Line("security.surveyed", "vulnerability", Better.UP),
        Line("security.classed", "vulnerability", Better.UP),
        Line("security.covered", "posting", Better.UP),
    ),
    confided=frozenset(
        {"security.RESTRICTED", "security.RESTRICTED_LATE", "security.RESTRICTED_PAST"}
    ),
    routine=frozenset(
        f"security.{name}"
        for name in (
            "IncidentReported",
            "IncidentMoved",
            "SeveritySet",
            "IncidentNoted",
            "IncidentsClimbed",
            "ConfidedMatter",
            "ConfidedLeft",
        )
    ),
    referred=referred,
    is_status_public_only=True,
    public_total=PublicTotal(_("Incidents closed, confided ones aside"), LEAST, closed_until),
    page="security:overview",
    bar=(
        place_entry(
            pgettext_lazy("bar", "Security"),
            "security:overview",
            VIEW_SECURITY,
            rank=60,
            deepest=Level.STATION,
        ),
        place_entry(
            pgettext_lazy("bar", "Situation room"),
            "security:room",
            VIEW_SECURITY,
            rank=65,
            stands_for_slice=False,
            under="security:overview",
        ),
        place_entry(
            pgettext_lazy("bar", "Report an incident"),
            "security:report",
            REPORT_INCIDENT,
            rank=61,
            stands_for_slice=False,
            under="security:overview",
            deepest=Level.STATION,
        ),
    ),
)
"""`routine`: what may be restricted later stands in no list of activities; pages tell it."""
