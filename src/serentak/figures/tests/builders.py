"""Builders of the slice's tests: figures of the cast's places."""

from datetime import date
from decimal import Decimal
from typing import Any

from serentak.figures import actions
from serentak.figures.models import Figure
from serentak.figures.rules import GivenFigure
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from tests.cast import AT, PROVINCE

SOURCE_DATE = date(2024, 9, 20)


def given(value: int | str, **changes: Any) -> GivenFigure:
    """Return a figure of the province's villages, as somebody states it."""
    fields: dict[str, Any] = {
        "place": PROVINCE,
        "measure": "villages",
        "value": Decimal(value),
        "source": "KPU",
        "source_date": SOURCE_DATE,
    }
    return GivenFigure(**{**fields, **changes})


def recorded(value: int | str, **changes: Any) -> Figure:
    """Record a figure and return its row."""
    figure_id = actions.record_figure(given=given(value, **changes), actor=SYSTEM, at=AT)
    return Figure.objects.get(id=figure_id)


def two_sources(place: PlaceCode = PROVINCE, measure: str = "area_km2") -> tuple[Figure, Figure]:
    """Record two figures that disagree; the first is in use."""
    one = recorded(86771, place=place, measure=measure, source="Province")
    other = recorded(91592, place=place, measure=measure, source="Mapping agency")
    return one, other
