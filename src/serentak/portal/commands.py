"""Command line of the public pages: `serentak publish`."""

import argparse
from typing import Any

from serentak.kernel.codes import parse_code


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    publish = subparsers.add_parser(
        "publish", help="write the public pages of what the desks marked, where they changed"
    )
    publish.add_argument(
        "provinces", nargs="*", type=parse_code, help="codes such as 16 (without: all that vote)"
    )
    publish.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the files of the named provinces, or of all, and the list of provinces."""
    from serentak.platform import clock

    from . import documents, queries

    wanted = arguments.provinces or [card.code for card in queries.voting_provinces()]
    state = clock.state()
    written = documents.write(documents.index_files(queries.voting_provinces()))
    for province in wanted:
        found = queries.publication(province, at=state.now)
        written += documents.publish(found, is_drill=bool(state.scene))
    print(f"{written} files changed in {documents.folder()}")
    return 0
