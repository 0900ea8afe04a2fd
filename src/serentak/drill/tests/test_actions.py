"""A scene is loaded once, in a demonstration only; what it loads is proven by the journeys."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from serentak.drill import actions, commands
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places import public as places
from serentak.platform import clock

pytestmark = pytest.mark.django_db

AT = datetime(2024, 10, 28, 2, tzinfo=UTC)


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.SERENTAK_DEMO = True


def refusal(scene: str) -> Refused:
    with pytest.raises(Refused) as refused:
        actions.load_scene(scene=scene, actor=SYSTEM, at=AT)
    return refused.value


def test_a_scene_is_refused_in_earnest() -> None:
    assert refusal("h-30").code == "drill.this_is_no_demonstration"


@pytest.mark.usefixtures("demo")
def test_an_unknown_scene_is_refused_with_those_that_are_known() -> None:
    refused = refusal("h-99")
    assert refused.code == "drill.scene_is_unknown"
    assert refused.params["known"] == "h-30, h-11, h-7, h-1, h-night"


@pytest.mark.usefixtures("demo")
def test_another_scene_on_loaded_data_is_refused() -> None:
    clock.set_clock(domain_at=AT, scene="h-7")
    refused = refusal("h-30")
    assert refused.code == "drill.another_scene_is_loaded"
    assert refused.params["loaded"] == "h-7"


@pytest.mark.usefixtures("demo")
def test_a_loaded_scene_stays_as_it_is() -> None:
    clock.set_clock(domain_at=AT, scene="h-30")
    actions.load_scene(scene="h-30", actor=SYSTEM, at=AT)
    steps: list[str] = []
    commands.prepare_demo("h-30", lambda step, done=0, total=0: steps.append(step))
    assert steps == []
    assert places.search("Palembang") == ()


@pytest.mark.usefixtures("demo")
def test_a_demonstrations_clock_goes_on_and_never_back() -> None:
    with pytest.raises(Refused, match="no_demonstration"):
        actions.move_clock(hours=24, actor=SYSTEM, at=AT)
    clock.set_clock(domain_at=AT, scene="h-30")
    assert actions.move_clock(hours=24, actor=SYSTEM, at=AT) == AT + timedelta(hours=24)
    assert clock.now() >= AT + timedelta(hours=24)
    for hours in (0, -1, 169):
        with pytest.raises(Refused, match="clock_goes_forward"):
            actions.move_clock(hours=hours, actor=SYSTEM, at=AT)


def test_the_clock_of_a_real_installation_is_left_alone() -> None:
    with pytest.raises(Refused, match="no_demonstration"):
        actions.move_clock(hours=24, actor=SYSTEM, at=AT)
