"""Which scenes there are, and which one is loaded."""

from collections.abc import Mapping

from serentak.kernel.refused import Refused
from serentak.platform import catalogue, clock

from .rules.coordination import Coordinated
from .rules.distribution import Distributed
from .rules.facilities import Inspected
from .rules.liaison import Together
from .rules.logistics import Stocked
from .rules.neutrality import StayingOut
from .rules.night import Night
from .rules.people import People
from .rules.posting import Posted
from .rules.scenes import Scene, parse_scenes
from .rules.security import Secured

SLICE = "drill"


def scenes() -> Mapping[str, Scene]:
    """Return the scenes by key, in the catalogue's order."""
    return catalogue.load(SLICE, "scenes", parse_scenes)


def scene(key: str) -> Scene:
    """Return a scene; refused when there is none of that key."""
    known = scenes()
    if key not in known:
        raise Refused("drill.scene_is_unknown", field="scene", scene=key, known=", ".join(known))
    return known[key]


def people() -> People:
    """Return the invented people."""
    return catalogue.load(SLICE, "people", People)


def staying_out() -> StayingOut:
    """Return the story of neutrality, the same for every scene."""
    return catalogue.load(SLICE, "neutrality", StayingOut)


def coordinated() -> Coordinated:
    """Return the story of coordination, the same for every scene."""
    return catalogue.load(SLICE, "coordination", Coordinated)


def stocked() -> Stocked:
    """Return the story of stores, the same for every scene."""
    return catalogue.load(SLICE, "logistics", Stocked)


def inspected() -> Inspected:
    """Return the story of checks, the same for every scene."""
    return catalogue.load(SLICE, "facilities", Inspected)


def distributed() -> Distributed:
    """Return the story of vehicles and routes, the same for every scene."""
    return catalogue.load(SLICE, "distribution", Distributed)


def secured() -> Secured:
    """Return the story of security, the same for every scene."""
    return catalogue.load(SLICE, "security", Secured)


def posted() -> Posted:
    """Return the story of officers, the same for every scene."""
    return catalogue.load(SLICE, "posting", Posted)


def together() -> Together:
    """Return the story of who works together, the same for every scene."""
    return catalogue.load(SLICE, "liaison", Together)


def night() -> Night:
    """Return what happened on the day of the vote, the same for every scene."""
    return catalogue.load(SLICE, "night", Night)


def loaded_scene() -> str:
    """Return the key of the scene that is loaded, empty if there is none."""
    return clock.state().scene
