"""How places stand with survey, classes and posting: the one place where these are joined."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Left

from serentak.kernel.codes import Level, PlaceCode, at_level, child_level, level_of
from serentak.kernel.status import Status
from serentak.platform.rows import within
from serentak.posting import public as posting
from serentak.security.models import Duty
from serentak.security.rules.preparation import Days, Prepared, judgement_of, of_children
from serentak.security.rules.standing import Judgement
from serentak.vulnerability import public as vulnerability


def prepared(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Prepared]:
    """Return what is known of a place and its children, down to districts.

    Some fifteen statements, which are kept until somebody surveys, classes or posts.
    """
    return _joined(vulnerability.standing(parent, at), posting.standing(parent, at))


def _joined(
    surveyed: Mapping[PlaceCode, vulnerability.SurveyStanding],
    posted: Mapping[PlaceCode, posting.PostingStanding],
) -> Mapping[PlaceCode, Prepared]:
    nothing = vulnerability.SurveyStanding()
    return {
        code: _prepared(surveyed.get(code, nothing), posted.get(code, posting.PostingStanding()))
        for code in {*surveyed, *posted}
        if level_of(code) <= Level.DISTRICT
    }


def _prepared(surveyed: vulnerability.SurveyStanding, posted: posting.PostingStanding) -> Prepared:
    return Prepared(
        stations=surveyed.stations,
        surveyed=surveyed.surveyed,
        classed=surveyed.classed,
        need=posted.need,
        lacking=posted.shortage,
        planned=posted.planned,
        uncovered=sum(posted.uncovered.values()),
        highly=posted.highly_uncovered,
        posts=posted.posts,
        manned=posted.manned,
    )


def judgements(
    parent: PlaceCode,
    found: Mapping[PlaceCode, Prepared],
    *,
    day: int,
    days: Days,
    at: datetime,
) -> Mapping[PlaceCode, Judgement]:
    """Return how a place and its children stand with what was `found` of them.

    A place stands alike on every page: up to regencies by its own sums, above by its regencies. One
    of which nobody told anything, and that owes nothing yet, is missing. Above provinces some
    fifteen statements more, however many there are.
    """
    own = {code: judgement_of(one, day=day, days=days) for code, one in found.items()}
    if level_of(parent) is Level.COUNTRY:
        told_of: defaultdict[PlaceCode, list[Status]] = defaultdict(list)
        surveyed = vulnerability.standing(parent, at, Level.REGENCY)
        for code, one in _joined(surveyed, posting.regencies(parent, at)).items():
            judged = judgement_of(one, day=day, days=days) if code != parent else None
            if judged:
                told_of[at_level(code, Level.PROVINCE)].append(judged.status)
        own = {code: of_children(told_of[code], days=days) for code in found}
    if level_of(parent) < Level.REGENCY:
        told = [one.status for code, one in own.items() if code != parent and one]
        own[parent] = of_children(told, days=days)
    return {code: one for code, one in own.items() if one is not None}


def duties(parent: PlaceCode) -> Mapping[PlaceCode, int]:
    """Return how many duties were planned at and under each child, and under `parent` its own.

    One query; a place without is missing.
    """
    level = child_level(level_of(parent)) or level_of(parent)
    rows = (
        Duty.objects.filter(within(parent), cancelled_at__isnull=True)
        .annotate(part=Left("place_id", int(level)))
        .order_by()
        .values("part")
        .annotate(duties=Count("id"))
    )
    return {PlaceCode(row["part"]): row["duties"] for row in rows}
