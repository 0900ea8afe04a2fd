"""Relations in the database point down, as imports do."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace

from django.apps import apps

from .house import floors


def _relations() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target and getattr(field, "concrete", False):
                yield (
                    model._meta.app_label,
                    target._meta.app_label,
                    f"{model.__name__}.{field.name}",
                )


def pointing_up(relations: Iterable[tuple[str, str, str]], rows: dict[str, int]) -> list[str]:
    """Return the relations from a slice to one that is not strictly below it."""
    return [
        name
        for source, target, name in relations
        if source in rows and target in rows and source != target and rows[target] >= rows[source]
    ]


def test_relations_point_down() -> None:
    assert pointing_up(_relations(), floors()) == []


def test_a_relation_that_points_up_is_caught() -> None:
    planted = [("places", "elections", "Place.election"), ("elections", "places", "Contest.place")]
    assert pointing_up(planted, floors()) == ["Place.election"]


def test_a_relation_to_a_neighbour_is_caught() -> None:
    rows = {"security": 5, "logistics": 5}
    assert pointing_up([("security", "logistics", "Post.box")], rows) == ["Post.box"]


def test_every_installed_slice_has_a_floor() -> None:
    ours = {c.label for c in apps.get_app_configs() if c.name.startswith("serentak.")}
    assert ours <= set(floors())
    assert SimpleNamespace(**floors()).kernel == 0
