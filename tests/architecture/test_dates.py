"""No day or moment that people enter lies where no calendar can count."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from serentak.platform.models import of_this_century

from .code import calls, sources

STAMPED = frozenset(
    {
        *(
            "accepted_at",
            "adopted_at",
            "acknowledge_by",
            "acknowledged_at",
            "verify_by",
            "settle_by",
            "as_of",
            "asked_at",
            "changed_at",
            "closed_at",
        ),
        "cancelled_at",
        *("corrected_at", "noted_at", "signed_at"),
        *("answered_at", "finished_at", "started_at"),
        *("computed_at", "made_at", "set_at"),
        *("created_at", "day", "decided_at", "done_at", "drafted_at", "due_at", "edited_at"),
        *("first_submitted_at", "for_minister_at", "heard_at", "held_at", "issued_at"),
        *(
            "last_report_at",
            "mailed_at",
            "next_climb_at",
            "put_off_at",
            "read_at",
            "real_at",
            "recorded_at",
        ),
        *("reminded_at", "report_date", "reported_at", "returned_at", "sent_at", "submitted_at"),
        *("computed_at", "opened_at", "published_at", "replied_at"),
        *("taken_at", "uploaded_at", "verified_at", "withdrawn_at", "at", "last_login"),
    }
)
"""Columns that the clock fills, or a date with a constraint of its own."""


def dated(models_of_ours: Iterable[type[models.Model]]) -> dict[str, type[models.Model]]:
    """Return the columns of days and moments, by `Model.column`."""
    return {
        f"{model.__name__}.{field.name}": model
        for model in models_of_ours
        for field in model._meta.local_fields
        if isinstance(field, models.DateField)
    }


def unbounded(columns: Mapping[str, type[models.Model]]) -> list[str]:
    """Return the columns that people fill and no constraint keeps in this century."""
    faults = []
    for name, model in columns.items():
        column = name.partition(".")[2]
        wanted = of_this_century("", column).condition.children[0]
        held = [
            part
            for c in model._meta.constraints
            if isinstance(c, models.CheckConstraint) and isinstance(c.condition, models.Q)
            for part in c.condition.children
        ]
        if column not in STAMPED and wanted not in held:
            faults.append(name)
    return faults


def free_fields(trees: Mapping[Path, ast.Module]) -> list[str]:
    """Return the modules that make a form's field of a day or moment without bounds."""
    return [
        path.as_posix()
        for path, tree in trees.items()
        if path.as_posix() != "platform/web/forms.py"
        for name, call in calls(tree)
        if name in ("DateField", "DateTimeField") and ast.unparse(call.func).startswith("forms.")
    ]


def _ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("serentak.")]


def test_every_date_that_people_enter_is_of_this_century() -> None:
    columns = dated(_ours())
    assert unbounded(columns) == []
    assert {name.partition(".")[2] for name in columns} >= STAMPED


def test_a_date_without_bounds_is_caught() -> None:
    class Post(models.Model):
        opens_at = models.DateTimeField()
        from_date = models.DateField()
        to_date = models.DateField(null=True)
        sent_at = models.DateTimeField()

        class Meta:
            app_label = "planted"
            constraints = (of_this_century("dates_of_a_post", "from_date"),)

    try:
        assert unbounded(dated([Post])) == ["Post.opens_at", "Post.to_date"]
    finally:
        models_planted: Any = apps.all_models["planted"]
        models_planted.clear()


def test_forms_take_days_and_moments_in_one_way() -> None:
    assert free_fields(sources()) == []


def test_a_forms_field_without_bounds_is_caught() -> None:
    planted = ast.parse("class F(Form):\n    day = forms.DateField()\n    ok = day_field('x')\n")
    assert free_fields({Path("posts/forms.py"): planted}) == ["posts/forms.py"]
