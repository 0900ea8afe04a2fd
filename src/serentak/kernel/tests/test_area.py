"""What a slice declares: the entry of its pages in the bar, what is known of its figures."""

import pytest

from serentak.kernel.area import Area, BarEntry, Better, Line, Phase, place_entry
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level
from serentak.kernel.viewer import Permission

VIEW = Permission("places.VIEW")


@pytest.mark.parametrize(
    ("more", "entry"),
    [
        ({}, BarEntry("Files", "places:files:all", VIEW, 30, ("places",), deepest=Level.DISTRICT)),
        (
            {"deepest": Level.PROVINCE, "stands_for_slice": False},
            BarEntry("Files", "places:files:all", VIEW, 30, (), deepest=Level.PROVINCE),
        ),
    ],
)
def test_an_entry_of_a_places_page_is_here_on_all_pages_of_its_slice(more, entry) -> None:
    assert place_entry("Files", "places:files:all", VIEW, rank=30, **more) == entry


def test_an_area_knows_its_own_figures_only() -> None:
    late, done = Line("x.late", better=Better.DOWN), Line("x.done")
    area = Area(
        slice="x",
        focus=Focus.COUNT,
        permission=VIEW,
        name="",
        short_name="",
        question="",
        order=dict.fromkeys(Phase, 0),
        ask=lambda **_: {},
        headline="x.done",
        divides="",
        decides=("x.late",),
        lines=(late, done),
    )
    assert area.line("x.late") is late
    assert area.line("x.done") is done
    assert area.line("y.late") is None
