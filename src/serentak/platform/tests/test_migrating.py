"""A constraint or an index that a migration adds stands wherever Django would have put it."""

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from serentak.platform.management.commands.migrate import _append_option

CHECK = models.CheckConstraint(condition=models.Q(n__gt=0), name="n_is_more_than_nothing")
INDEX = models.Index(fields=["n"], name="thing_by_n")


@pytest.mark.parametrize("is_made", [True, False])
def test_what_is_added_stands_in_the_state_and_on_the_model(
    monkeypatch: pytest.MonkeyPatch, is_made: bool
) -> None:
    monkeypatch.setattr(ProjectState, "_append_option", _append_option)
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("n", models.IntegerField())]
    state.add_model(ModelState("things", "Thing", fields))
    before = state.clone()
    if is_made:
        state.apps  # noqa: B018 -- from now on the models are made
    state.add_constraint("things", "thing", CHECK)
    state.add_index("things", "thing", INDEX)
    meta = state.apps.get_model("things", "thing")._meta
    assert state.models["things", "thing"].options["constraints"] == meta.constraints == [CHECK]
    assert state.models["things", "thing"].options["indexes"] == meta.indexes == [INDEX]
    assert before.models["things", "thing"].options["constraints"] == []
