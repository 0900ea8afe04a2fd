"""Which scenes there are, and which one is loaded."""

from __future__ import annotations

from collections.abc import Mapping

from serentak.kernel.refused import Refused
from serentak.platform import catalogue, clock

from . import rules

SLICE = "drill"


def scenes() -> Mapping[str, rules.Scene]:
    """Return the scenes by key, in the catalogue's order."""
    return catalogue.load(SLICE, "scenes", rules.parse_scenes)


def scene(key: str) -> rules.Scene:
    """Return a scene; refused when there is none of that key."""
    known = scenes()
    if key not in known:
        raise Refused("drill.scene_is_unknown", field="scene", scene=key, known=", ".join(known))
    return known[key]


def people() -> rules.People:
    """Return the invented people."""
    return catalogue.load(SLICE, "people", rules.parse_people)


def staying_out() -> rules.StayingOut:
    """Return the story of neutrality, the same for every scene."""
    return catalogue.load(SLICE, "neutrality", rules.parse_staying_out)


def coordinated() -> rules.Coordinated:
    """Return the story of coordination, the same for every scene."""
    return catalogue.load(SLICE, "coordination", rules.parse_coordinated)


def loaded_scene() -> str:
    """Return the key of the scene that is loaded, empty if there is none."""
    return clock.state().scene
