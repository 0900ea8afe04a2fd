"""Stores the day's scores of a province; the day's last word stands."""

from collections.abc import Iterator
from datetime import date, datetime

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import one_at_a_time
from serentak.platform.rows import within
from serentak.quality.events import ScoresStored
from serentak.quality.models import FlagRaised, Score
from serentak.quality.permissions import STORE_SCORES
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.queries.computing import Computed, compute
from serentak.quality.rules.judging import Judged


@action
def store_scores(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Compute and keep the scores of a province and its regencies for the day; return how many.

    Repeatable: what stood of the day is replaced. `place` may be the country, with all provinces.
    """
    if level_of(place) > Level.PROVINCE or not actor.may(STORE_SCORES, place):
        raise OutOfScope(STORE_SCORES, place)
    one_at_a_time(f"scores of {place}")
    day = clock.local_date(at, zone=places.zone_of(place).key)
    computed = compute(place, at=at)
    FlagRaised.objects.filter(within(place), day=day).delete()
    Score.objects.filter(within(place), day=day).delete()
    rows = Score.objects.bulk_create(list(_rows(computed, day, at)), batch_size=2000)
    FlagRaised.objects.bulk_create(
        FlagRaised(place_id=code, day=day, flag=flag)
        for flag, codes in computed.flags.items()
        for code in sorted(codes)
    )
    record(
        ScoresStored(subjects=(f"place:{place}",), place=place, day=day, scores=len(rows)),
        actor=actor,
        at=at,
    )
    return len(rows)


def _rows(computed: Computed, day: date, at: datetime) -> Iterator[Score]:
    frame = catalogue().frame
    for key, scores in computed.scores.items():
        for code, judged in scores.items():
            yield Score(
                place_id=code,
                day=day,
                indicator=key,
                version=frame.version,
                seed=frame.defaults.seed,
                computed_at=at,
                **_columns(judged),
            )


def _columns(judged: Judged) -> dict[str, object]:
    return {
        "hidden": judged.hidden.value if judged.hidden else "",
        "good": judged.good,
        "of": judged.of,
        "silent": judged.silent,
        "value": judged.value,
        "low": judged.low,
        "high": judged.high,
        "scaled": judged.scaled,
        "scaled_low": judged.scaled_low,
        "scaled_high": judged.scaled_high,
        "quantiles": list(judged.quantiles),
    }
