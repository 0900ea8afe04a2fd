"""The command line explains itself, keeps its exit codes, and names what is missing."""

import argparse
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from serentak.config import cli, cli_doctor, cli_run
from serentak.config.cli_doctor import Finding
from serentak.platform.database import Cluster
from tests.cast import load_places


@pytest.fixture
def home(make_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_home("clone")
    monkeypatch.setenv("SERENTAK_HOME", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SERENTAK_SECRET_KEY", raising=False)
    return folder


def commands_of(
    parser: argparse.ArgumentParser, prefix: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found += [(*prefix, name), *commands_of(inner, (*prefix, name))]
    return found


def test_every_command_has_help(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    commands = commands_of(cli.build_parser(with_slices=True))
    assert {
        ("demo",),
        ("serve",),
        ("worker",),
        ("migrate",),
        ("collect",),
        ("db", "start"),
        ("db", "stop"),
        ("db", "status"),
        ("doctor",),
        ("messages", "compile"),
    } <= set(commands)
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            cli.main([*command, "--help"])
        assert ended.value.code == 0
        assert f"usage: serentak {' '.join(command)}" in capsys.readouterr().out


def test_the_list_of_commands_is_said_without_loading_what_they_need() -> None:
    said = (
        "import sys; from serentak.config import cli; cli.build_parser(with_slices=True);"
        "print(*(m for m in sys.modules if m.endswith(('.models', '.actions', '.queries'))))"
    )
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_slices_share_a_group_of_commands() -> None:
    parser = argparse.ArgumentParser(prog="serentak")
    commands = parser.add_subparsers(action=cli.Commands, dest="command")
    for name in ("import regions", "import stations"):
        commands.add_parser(name, help=name).set_defaults(run=name)
    assert parser.parse_args(["import", "stations"]).run == "import stations"
    assert parser.parse_args(["import", "regions"]).run == "import regions"


def test_a_group_shows_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "start | stop | status" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["frobnicate"], ["demo", "--port", "70000"], ["db"]])
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == cli.WRONG_USAGE
    assert "usage:" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create-institutions", "99"], "99 bukan provinsi"),
        (["create-institutions", "16.02"], "16.02 bukan provinsi"),
        (["set-up-election", "99"], "dengan kode 99"),
        (["set-up-election", "16", "--calendar", "nope"], "nope"),
        (["import", "stations", "none.csv", "--place", "16", "--source", "x", "--as-of",
          "2024-09-22"], "none.csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    load_places()
    assert cli.main(words) == cli.FAILED
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


def test_db_starts_stops_and_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["db", "status"]) == 3
    assert "There is no embedded PostgreSQL yet" in capsys.readouterr().out
    assert cli.main(["db", "start"]) == 0
    assert f"host={Cluster(home).location.socket} user=serentak" in capsys.readouterr().out
    assert cli.main(["db", "status"]) == 0
    assert cli.main(["db", "stop"]) == 0
    assert cli.main(["db", "status"]) == 3
    assert "does not run" in capsys.readouterr().out


def test_db_leaves_a_server_of_your_own_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/serentak")
    assert cli.main(["db", "start"]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err
    assert cli.main(["demo", "--fresh"]) == 1
    assert "--fresh empties the embedded database only" in capsys.readouterr().err


def test_the_secret_key_is_made_once_for_its_owner(home: Path) -> None:
    cli_run.make_secret_key()
    key = (home / "secret-key").read_text()
    assert len(key.strip()) >= 50
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    cli_run.make_secret_key()
    assert (home / "secret-key").read_text() == key
    assert [file.name for file in home.iterdir()] == ["secret-key"]


def test_a_second_demo_of_a_clone_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with cli_run._only_demo("http://localhost:8000", "serentak_demo_h_30"):
        assert cli.main(["demo", "--port", "8001"]) == 1
    message = capsys.readouterr().err
    assert "runs already: http://localhost:8000" in message
    assert "Ctrl-C" in message


def findings(**options: int) -> dict[str, Finding]:
    return cli_doctor.examine(port=8000)


def test_the_doctor_finds_a_healthy_machine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    assert "Nothing is missing." in capsys.readouterr().out
    assert not home.exists(), "the doctor changes nothing"


@pytest.mark.parametrize(
    ("variables", "subject", "found", "mend"),
    [
        (
            {"DATABASE_URL": "postgresql:///x?host=/nowhere"},
            "database",
            "cannot be reached",
            "unset it",
        ),
        ({"SERENTAK_PG_BIN": "/nowhere"}, "PostgreSQL", "does not hold postgres", ""),
        ({"SERENTAK_HTTPS": "0"}, "for the public", "passwords in the clear", "docs/operations.md"),
        ({"SERENTAK_DEBUG": "1"}, "for the public", "SERENTAK_DEBUG", ""),
        ({"PATH": "/nowhere"}, "browser", "no Chromium", "apt-get install chromium"),
    ],
)
def test_the_doctor_names_the_mend(
    variables: dict[str, str],
    subject: str,
    found: str,
    mend: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    finding = findings()[subject]
    assert finding.state != "ok"
    assert found in finding.found
    assert mend in finding.mend


def test_the_doctor_sees_a_secret_that_others_can_read(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli_run.make_secret_key()
    (home / "secret-key").chmod(0o644)
    assert cli.main(["doctor"]) == 1
    assert "chmod 600" in capsys.readouterr().out


def test_the_doctor_knows_pending_migrations(home: Path) -> None:
    assert "does not run" in findings()["migrations"].found
    Cluster(home).ensure_running()
    assert findings()["migrations"].mend == "serentak migrate"


def test_the_doctor_knows_what_the_databases_user_may(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not known" in findings()["its user"].found
    cluster = Cluster(home)
    owner = cluster.ensure_running()
    assert findings()["its user"].found == "serentak_app, who owns nothing"
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///serentak?host={owner['host']}&user=serentak")
    found = findings()["its user"]
    assert found.found.startswith("serentak is a superuser")
    assert "DATABASE_OWNER_URL" in found.mend


def test_the_owner_migrates_and_the_application_serves(home: Path) -> None:
    cluster = Cluster(home)
    cluster.ensure_running()
    cluster.create_database_if_missing("ours")
    host = str(cluster.location.socket).replace("/", "%2F")
    variables = {
        **{k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")},
        "DATABASE_URL": f"postgresql://serentak_app@{host}/ours",
        "DATABASE_OWNER_URL": f"postgresql://serentak@{host}/ours",
        "DJANGO_SETTINGS_MODULE": "serentak.config.settings",
    }
    serentak = [sys.executable, "-m", "serentak.config.cli"]
    subprocess.run([*serentak, "migrate"], env=variables, check=True, capture_output=True)
    with cluster.connection("ours", user="serentak_app") as connection:
        assert connection.execute("SELECT count(*) FROM platform_user").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE platform_audit_event CASCADE")
    del variables["DATABASE_OWNER_URL"]
    shown = subprocess.run(
        [*serentak, "doctor"], env=variables, check=False, capture_output=True, text=True
    )
    assert "serentak_app, who owns nothing" in shown.stdout
    assert "all done" in shown.stdout


def test_the_doctor_looks_at_the_database_of_a_running_demo(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERENTAK_DATABASE", "")
    assert cli_run.running_demo() is None
    with cli_run._only_demo("http://localhost:8000", "serentak_demo_h_30"):
        assert cli_run.running_demo() == "serentak_demo_h_30"
        cli_doctor._look_at_what_is_in_use()
        assert findings()["database"].found.startswith("serentak_demo_h_30, embedded")
    assert cli_run.running_demo() is None


def test_the_doctor_advises_no_migration_while_the_server_recovers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x?host=/nowhere")
    finding = findings()["migrations"]
    assert finding.found.startswith("not known")
    assert "migrate" not in finding.mend


def test_static_files_are_laid_for_a_web_server_without_a_database(
    home: Path,
) -> None:
    command = [sys.executable, "-m", "serentak.config.cli", "collect"]
    variables = {**os.environ, "DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere"}
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.strip() == str(home / "static")
    [named] = (home / "static" / "platform").glob("ui.????????????.js")
    assert named.with_name(f"{named.name}.br").is_file()
