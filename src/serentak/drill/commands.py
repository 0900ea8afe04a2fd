"""Command line of scenes: `serentak scene list | load`, and what `serentak demo` calls."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID

from serentak.kernel.viewer import SYSTEM

if TYPE_CHECKING:
    from .actions import Progress


def prepare_demo(scene: str, progress: "Progress") -> None:
    """Load a scene unless it is loaded already; refused when another one is."""
    from serentak.platform import clock

    from . import actions, queries

    if queries.loaded_scene() != scene:
        actions.load_scene(scene=scene, actor=SYSTEM, at=clock.now(), progress=progress)


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    listing = subparsers.add_parser("scene list", help="say which scenes a demonstration can show")
    listing.set_defaults(run=list_scenes)
    load = subparsers.add_parser(
        "scene load", help="load a scene into an empty demonstration (SERENTAK_DEMO=1)"
    )
    load.add_argument("scene", help="its key, such as h-30")
    load.set_defaults(run=load_scene)
    forward = subparsers.add_parser(
        "scene forward", help="let a demonstration's clock go on, so that what is due happens"
    )
    forward.add_argument("hours", type=int, help="by how many hours, such as 24")
    forward.set_defaults(run=move_clock)


def list_scenes(_: argparse.Namespace) -> int:
    """Print each scene with its moment and what it tells."""
    from serentak.platform.catalogue import said

    from . import queries

    loaded = queries.loaded_scene()
    for scene in queries.scenes().values():
        mark = "  (loaded)" if scene.key == loaded else ""
        print(f"{scene.key:8} {_shown(scene.at)}  {said(scene.title)}{mark}")
        print(f"{'':8} {said(scene.tells)}")
    return 0


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Asia/Jakarta')):%d %b %Y %H:%M}"


def move_clock(arguments: argparse.Namespace) -> int:
    """Move the clock and say what time it is now; the worker finds what is due in five minutes."""
    from serentak.platform import clock

    from . import actions

    moment = actions.move_clock(hours=arguments.hours, actor=SYSTEM, at=clock.now())
    print(f"It is {_shown(moment)}. What is due by then happens within five minutes.")
    return 0


def load_scene(arguments: argparse.Namespace) -> int:
    """Load a scene and show how far it is."""
    tasks: dict[str, TaskID] = {}
    with Bars(transient=True, console=Console(stderr=True)) as bars:

        def show(step: str, done: int = 0, total: int = 0) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=None)
            bars.update(tasks[step], completed=done, total=total or None)

        prepare_demo(arguments.scene, show)
    print(f"Scene {arguments.scene} is loaded.")
    return 0
