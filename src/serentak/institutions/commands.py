"""Command line of institutions: `serentak create-institutions 16`, `serentak add-person …`."""

import argparse
import getpass
import sys
from typing import Any

from serentak.kernel.codes import COUNTRY, parse_code
from serentak.kernel.viewer import SYSTEM


def add_commands(subparsers: Any) -> None:
    """Offer the slice's commands to the command line."""
    create = subparsers.add_parser(
        "create-institutions",
        help="make the institutions that a province's places call for; repeatable",
    )
    create.add_argument(
        "province",
        type=parse_code,
        nargs="?",
        help="the province's code, such as 16; without one those of the country are made",
    )
    create.set_defaults(run=create_institutions)
    person = subparsers.add_parser(
        "add-person",
        help="give somebody an account and a role: the first one of an institution",
        description="Give somebody an account and a role. The password is asked for, or read from "
        "the first line of the input where that is no terminal.",
    )
    person.add_argument("full_name")
    person.add_argument("--username", required=True)
    person.add_argument("--kind", required=True, help="of the institution, such as KPU")
    person.add_argument(
        "--place", type=parse_code, default=COUNTRY, help="where it acts, 16.02; else the country"
    )
    person.add_argument("--role", required=True, help="such as COMMISSION_HEAD")
    person.set_defaults(run=add_person)


def create_institutions(arguments: argparse.Namespace) -> int:
    """Make what is missing and say how many institutions that were."""
    from rich.progress import Progress

    from serentak.platform import clock

    from . import actions

    if arguments.province is None:
        made = actions.create_national_institutions(actor=SYSTEM, at=clock.now())
        print(f"{made:,} institutions created")
        return 0
    with Progress(transient=True) as bar:
        task = bar.add_task("institutions", total=None)
        made = actions.create_province_institutions(
            province=arguments.province,
            actor=SYSTEM,
            at=clock.now(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    print(f"{made:,} institutions created")
    return 0


def add_person(arguments: argparse.Namespace) -> int:
    """Make the account and say where it may act."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from serentak.platform import clock

    from . import actions, public

    institution = public.institution_by(arguments.kind, arguments.place)
    if institution is None:
        place = arguments.place or "the country"
        print(f"no {arguments.kind} acts in {place}", file=sys.stderr)
        return 1
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
    except ValidationError as error:
        print("\n".join(error.messages), file=sys.stderr)
        return 1
    actions.add_person(
        institution_id=institution.id,
        full_name=arguments.full_name,
        username=arguments.username,
        password=password,
        role=arguments.role,
        actor=SYSTEM,
        at=clock.now(),
    )
    print(f"{arguments.username}: {arguments.role}, {institution.name}")
    return 0
