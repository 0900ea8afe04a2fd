"""Django's `migrate`, done by the owner of the database, who then says what the application may."""

from typing import Any

from django.core.management.commands import migrate

from serentak.platform.owner import grant_to_application, owner


class Command(migrate.Command):
    """Migrates as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant; looking only (`--check`, `--plan`) changes no right either."""
        with owner():
            super().handle(*args, **options)
            if not (options["check_unapplied"] or options["plan"]):
                grant_to_application()
