"""Command line of the platform: `serentak erase-detail 4711 --by ratna --ground "SK 12/2024"`."""

import argparse
import sys
from typing import Any

from serentak.kernel.viewer import Viewer


def add_commands(subparsers: Any) -> None:
    """Offer the platform's commands to the command line."""
    erase = subparsers.add_parser(
        "erase-detail",
        help="delete the personal text of one audit event, as privacy law can ask for",
        description="Delete the personal text of one audit event. The event stays, with the proof "
        "of what stood there, and another event says who deleted it and on which ground.",
    )
    erase.add_argument("event", type=int, help="the number of the event")
    erase.add_argument("--by", required=True, help="user name of whoever decided it")
    erase.add_argument("--ground", required=True, help="the document that asks for it; no names")
    erase.set_defaults(run=erase_detail)


def erase_detail(arguments: argparse.Namespace) -> int:
    """Erase it and say under which number that is recorded."""
    from . import clock, erasing
    from .models import User

    user = User.objects.filter(username__iexact=arguments.by).first()
    if user is None:
        print(f"no account is called {arguments.by}", file=sys.stderr)
        return 1
    mark = erasing.erase_detail(
        event_id=arguments.event,
        ground=arguments.ground,
        actor=Viewer(user_id=user.id),
        at=clock.now(),
    )
    print(f"personal text of event {arguments.event} deleted; recorded as event {mark}")
    return 0
