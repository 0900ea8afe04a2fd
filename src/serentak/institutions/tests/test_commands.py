"""Command line: institutions of a province, and the first person of one."""

import argparse
import io

import pytest

from serentak.institutions import commands, public
from serentak.institutions.models import Institution
from serentak.kernel.refused import Refused
from serentak.platform.models import User
from tests.cast import AT, PASSWORD, load_places

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments))


def add(monkeypatch, password: str, *, kind: str = "KPU", role: str = "COMMISSION_HEAD") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return run(
        "add-person", "Dewi Anggraini", "--username", "dewi", "--kind", kind, "--place", "16.02",
        "--role", role,
    )  # fmt: skip


def test_institutions_are_made_and_counted(capsys) -> None:
    load_places()
    assert run("create-institutions", "16") == 0
    out = capsys.readouterr().out.strip()
    assert out.endswith(f"{Institution.objects.count()} institutions created")


def test_the_first_person_of_a_commission_comes_from_the_command_line(monkeypatch, capsys) -> None:
    load_places()
    run("create-institutions", "16")
    assert add(monkeypatch, PASSWORD) == 0
    assert "KPU Kabupaten Ogan Komering Ilir" in capsys.readouterr().out
    user = User.objects.get(username="dewi")
    assert user.check_password(PASSWORD)
    [grant] = public.viewer_for(user_id=user.pk, at=AT.replace(year=2100)).grants
    assert (grant.role, grant.places) == ("COMMISSION_HEAD", ("16.02",))


def test_what_does_not_hold_makes_no_account(monkeypatch, capsys) -> None:
    load_places()
    run("create-institutions", "16")
    assert add(monkeypatch, "short") == 1
    assert add(monkeypatch, PASSWORD, kind="EMPEROR") == 1
    assert "no EMPEROR acts in 16.02" in capsys.readouterr().err
    with pytest.raises(Refused):
        add(monkeypatch, PASSWORD, role="GOVERNOR")
    assert not User.objects.exists()
