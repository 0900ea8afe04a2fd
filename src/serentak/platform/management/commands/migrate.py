"""Django's `migrate`, done by the owner of the database, who then says what the application may."""

from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState

from serentak.platform.owner import grant_to_application, owner


class Command(migrate.Command):
    """Migrates as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant; looking only (`--check`, `--plan`) changes no right either."""
        with owner(), patch.object(ProjectState, "_append_option", _append_option):
            super().handle(*args, **options)
            if not (options["check_unapplied"] or options["plan"]):
                grant_to_application()


def _append_option(state: Any, app_label: str, model_name: str, option: str, value: Any) -> None:
    """Give a model one more constraint or index, as Django does, but without making it anew.

    Django makes the model and all that refer to it once more for each, hundreds of times: that took
    half of the time in which an empty database gets its tables.
    """
    options = state.models[app_label, model_name].options
    options[option] = [*options[option], value]
    if "apps" in state.__dict__:  # the models are made when they are first asked for
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option, [*getattr(meta, option), value])
