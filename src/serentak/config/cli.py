"""The command line ``serentak``: which commands there are, and what each exit code means.

Exit codes: 0 done; 1 refused or failed, the reason is on standard error; 2 wrong usage; 3 (``db
status``) the database does not run; 130 interrupted.

A slice offers its own commands in ``commands.py`` as ``add_commands(subparsers)``. There it calls
``subparsers.add_parser("import regions", help=…)``; words before the last name a group that all
slices share. The parser's default ``run`` is called with the parsed arguments, has Django and the
database ready (unless its default ``needs_database`` is False), and returns an exit code or None.
What needs Django is imported in there: whoever asks which commands there are does not wait for all
of Serentak to be loaded.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

import django
from django.db import OperationalError, ProgrammingError
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedTable

from serentak.config import cli_backup, cli_database, cli_doctor, cli_messages, cli_run
from serentak.config.supervisor import CannotRun, Stopped
from serentak.kernel.refused import OutOfScope, Refused
from serentak.platform.catalogue import CatalogueFault
from serentak.platform.database import Cluster, ClusterError
from serentak.platform.slices import modules
from serentak.platform.words import refusal_text

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

OWN = (cli_run, cli_database, cli_backup, cli_messages, cli_doctor)


class Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # argparse offers no public name
    """Subcommands whose name may hold a group: "import regions" is ``regions`` under ``import``."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Add a command; its group is made when first named."""
        group, _, rest = name.partition(" ")
        if not rest:
            return super().add_parser(name, **options)  # type: ignore[no-any-return]
        if group not in self.choices:
            parser = super().add_parser(group, help="")
            parser.add_subparsers(
                action=Commands, dest=f"{group}_command", required=True, metavar="COMMAND"
            )
        commands = self.choices[group]._subparsers._group_actions[0]
        command = commands.add_parser(rest, **options)
        shown = next(line for line in self._choices_actions if line.dest == group)
        shown.help = " | ".join(commands.choices)
        return command  # type: ignore[no-any-return]


def build_parser(*, with_slices: bool) -> argparse.ArgumentParser:
    """The parser of all commands, with or without those of the slices."""
    parser = argparse.ArgumentParser(
        prog="serentak",
        description="The open operations room for simultaneous elections.",
        epilog="Start with `serentak demo`. If something does not work: `serentak doctor`.",
    )
    parser.set_defaults(needs_database=True)
    commands = parser.add_subparsers(
        action=Commands, dest="command", required=True, metavar="COMMAND"
    )
    for module in OWN:
        module.add_commands(commands)
    if with_slices:
        for module in modules("commands"):
            module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")
    own = {name for module in OWN for name in module.NAMES}
    is_own = bool(words) and words[0] in own
    try:
        if not is_own:
            cli_run.make_secret_key()
        options = build_parser(with_slices=not is_own).parse_args(words)
        if not is_own:
            django.setup()
            if options.needs_database and not os.environ.get("DATABASE_URL"):
                Cluster().ensure_running()
        return int(options.run(options) or DONE)
    except (CannotRun, ClusterError) as error:
        return _failed(str(error))
    except Refused as refused:
        return _failed(refusal_text(refused))
    except OutOfScope:
        return _failed("There is no such place. Codes are written like 16, 16.02 or 16.02.14.")
    except CatalogueFault as fault:
        return _failed(str(fault))
    except OSError as error:
        return _failed(f"{error.filename or 'file'}: {error.strerror or error}")
    except ProgrammingError as error:
        # What an earlier version's owner made is not granted to the application yet.
        unready = UndefinedTable | UndefinedColumn | InsufficientPrivilege
        if not isinstance(error.__cause__, unready):
            raise
        return _failed("The database is not ready for this version. Run: serentak migrate")
    except OperationalError as error:
        return _failed(f"{str(error).strip()}\nSee what is missing with: serentak doctor")
    except (KeyboardInterrupt, Stopped):
        return INTERRUPTED


def _failed(message: str) -> int:
    print(f"serentak: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
