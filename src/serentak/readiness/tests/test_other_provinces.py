"""Provinces in which one of the two races is not held: Jakarta's regents, Yogyakarta's governor."""

import pytest

from serentak.elections.actions import import_stations, set_up_election
from serentak.elections.public import StationRow
from serentak.institutions.actions import (
    create_national_institutions,
    create_province_institutions,
)
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.readiness import actions
from serentak.readiness.models import Activity
from serentak.readiness.public import briefings
from tests.cast import AT, load_places

JAKARTA, JAKARTA_SOUTH = PlaceCode("31"), PlaceCode("31.74")
YOGYAKARTA, SLEMAN = PlaceCode("34"), PlaceCode("34.04")
REGIONS = """\
code,name
31,DKI Jakarta
31.74,Kota Administrasi Jakarta Selatan
31.74.01,Tebet
31.74.01.1001,Tebet Timur
34,Daerah Istimewa Yogyakarta
34.04,Kabupaten Sleman
34.04.01,Gamping
34.04.01.2001,Balecatur
"""


def set_up(province: PlaceCode, village: str) -> None:
    load_places(REGIONS)
    create_national_institutions(actor=SYSTEM, at=AT)
    create_province_institutions(province=province, actor=SYSTEM, at=AT)
    set_up_election(place=province, actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="counts_are_missing"):
        actions.instantiate_activities(province=province, actor=SYSTEM, at=AT)
    import_stations(
        rows=[StationRow(PlaceCode(f"{village}.00{n}"), 250, 250) for n in (1, 2)],
        source="test",
        as_of_date=AT.date(),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    assert actions.instantiate_activities(province=province, actor=SYSTEM, at=AT) > 50
    assert actions.instantiate_activities(province=province, actor=SYSTEM, at=AT) == 0


def target(key: str, place: PlaceCode) -> int:
    return Activity.objects.get(key=key, place=place).target_quantity


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("province", "regency", "village", "without", "holds"),
    [
        (JAKARTA, JAKARTA_SOUTH, "31.74.01.1001", JAKARTA_SOUTH, JAKARTA),
        (YOGYAKARTA, SLEMAN, "34.04.01.2001", YOGYAKARTA, SLEMAN),
    ],
)
def test_a_province_with_one_race_is_set_up(
    province: PlaceCode, regency: PlaceCode, village: str, without: PlaceCode, holds: PlaceCode
) -> None:
    set_up(province, village)
    assert target("pairs-fixed", holds) == 1
    assert not Activity.objects.filter(key="pairs-fixed", place=without).exists()
    assert target("ballot-arrive", regency) == 2 * (500 + 13), "voters hold one ballot, not two"
    assert set(briefings(parent=province, viewer=SYSTEM, at=AT)) == {province, regency}
    assert regency in briefings(parent=regency, viewer=SYSTEM, at=AT)
