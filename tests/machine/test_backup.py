"""A backup holds everything or does not exist; a restore gives it back and loses nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from django.conf import settings

from serentak.config import backup
from serentak.platform.database import Cluster

from .conftest import remove_cluster
from .running import eventually

SERENTAK = [sys.executable, "-m", "serentak.config.cli"]

DEEDS = """
import django; django.setup()
from django.core.files.base import ContentFile
from serentak.kernel.viewer import SYSTEM
from serentak.platform import accounts, clock, evidence
accounts.create_account(username="rini", full_name="Rini", password=None, actor=SYSTEM, at=clock.now())
for text in (b"one", b"two"):
    file = ContentFile(b"%PDF-1.4 " + text, name="letter.pdf")
    evidence.store_evidence(file=file, place="16", institution_id=None, actor=SYSTEM, at=clock.now())
"""


class Installation:
    """One installation with a little in it, and what its commands say."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder, self.cluster = home, folder, Cluster(home)
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SERENTAK_", "DJANGO_", "DATABASE_"))
        }
        self.variables = {
            **inherited,
            "SERENTAK_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "serentak.config.settings",
        }

    def run(self, *words: object) -> tuple[int, str]:
        ran = subprocess.run(
            [*SERENTAK, *map(str, words)],
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    def databases(self) -> set[str]:
        with self.cluster.connection("postgres") as connection:
            return {n for (n,) in connection.execute("SELECT datname FROM pg_database")}

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.cluster.connection() as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with an account, events and two files, and a key beside it."""
    folder = tmp_path_factory.mktemp("there")
    installation = Installation(folder / "var", folder)
    try:
        assert installation.run("migrate")[0] == 0
        made = subprocess.run(
            [sys.executable, "-c", DEEDS],
            env=installation.variables,
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stderr
        code, said = installation.run("backup-key", folder / "key")
        assert code == 0, said
        installation.variables["SERENTAK_BACKUP_TO"] = said.split()[0]
        yield installation
    finally:
        remove_cluster(installation.cluster)


@pytest.fixture(scope="module")
def kept(there: Installation) -> Path:
    file = there.folder / "night.age"
    code, said = there.run("backup", file)
    assert code == 0, said
    assert "2 evidence files, read back and compared" in said
    assert "sealing-keys" in said
    return file


@pytest.fixture
def elsewhere(make_home: Callable[[str], Path], tmp_path: Path) -> Installation:
    return Installation(make_home("another machine"), tmp_path)


def test_nobody_reads_it_without_the_key(kept: Path) -> None:
    content = kept.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"rini" not in content
    assert b"%PDF-" not in content  # three letters alone come up by chance in a megabyte
    assert kept.stat().st_mode & 0o077 == 0


def test_it_opens_without_serentak(there: Installation, kept: Path, tmp_path: Path) -> None:
    key = (there.folder / "key").read_text().split()[-1]
    plain = tmp_path / "plain.tar"
    pyrage.decrypt_file(str(kept), str(plain), [pyrage.x25519.Identity.from_str(key)])
    names = subprocess.run(["tar", "tf", plain], capture_output=True, text=True, check=True)
    first, *evidence, last = names.stdout.split()
    assert (first, last) == ("database.dump", "manifest.json")
    assert len(evidence) == 2


def test_another_machine_gets_everything_back(
    there: Installation, kept: Path, elsewhere: Installation
) -> None:
    code, said = elsewhere.run("restore", kept, "--key", there.folder / "key")
    assert code == 0, said
    for statement in (
        "SELECT * FROM platform_user",
        "SELECT id, name, at, recorded_at, subjects, facts, commitment FROM platform_audit_event",
        "SELECT * FROM platform_audit_detail",
        "SELECT file, sha256 FROM platform_evidence_file",
    ):
        assert sorted(map(str, elsewhere.rows(statement))) == sorted(
            map(str, there.rows(statement))
        )
    files = {p.name: p.read_bytes() for p in (there.home / "evidence").rglob("*.pdf")}
    assert {p.name: p.read_bytes() for p in (elsewhere.home / "evidence").rglob("*.pdf")} == files
    # Transactions of another cluster are finished for certain, and those of this one go on.
    assert elsewhere.rows("SELECT DISTINCT transaction_id::text FROM platform_audit_event") == [
        ("2",)
    ]
    made = subprocess.run(
        [sys.executable, "-c", DEEDS.replace("rini", "adi")], env=elsewhere.variables, check=False
    )
    assert made.returncode == 0
    # It has its own guards again, and its application its rights.
    with (
        elsewhere.cluster.connection() as connection,
        pytest.raises(Exception, match="append-only"),
    ):
        connection.execute("UPDATE platform_audit_event SET name = 'x'")
    with elsewhere.cluster.connection(user="serentak_app") as connection:
        with pytest.raises(Exception, match="permission denied"):
            connection.execute("UPDATE platform_audit_event SET name = 'x'")
        with pytest.raises(Exception, match="permission denied"):
            connection.execute("CREATE TEMPORARY TABLE passing (id int)")

    code, said = elsewhere.run("restore", kept, "--key", there.folder / "key")
    assert code == 1
    assert "--replace" in said
    code, said = elsewhere.run("restore", kept, "--key", there.folder / "key", "--replace")
    assert code == 0, said
    assert len(elsewhere.rows("SELECT 1 FROM platform_user")) == 1
    [former] = [name for name in elsewhere.databases() if "_before_" in name]
    assert former in said


def test_a_file_that_is_cut_is_refused(
    there: Installation, kept: Path, elsewhere: Installation
) -> None:
    whole = kept.read_bytes()
    for length in (len(whole) - 1, len(whole) - 70_000, len(whole) // 2, 100, 0):
        cut = elsewhere.folder / "cut.age"
        cut.write_bytes(whole[:length])
        code, said = elsewhere.run("restore", cut, "--key", there.folder / "key")
        assert (code, "cut short or damaged" in said, "earlier backup" in said) == (
            1,
            True,
            True,
        ), said
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    cut.write_bytes(changed)
    assert "cut short or damaged" in elsewhere.run("restore", cut, "--key", there.folder / "key")[1]
    assert elsewhere.databases() == {"postgres", "serentak", "template0", "template1"}
    assert elsewhere.rows("SELECT relname FROM pg_class WHERE relname LIKE 'platform%'") == []


def test_another_key_is_refused(kept: Path, elsewhere: Installation) -> None:
    other = elsewhere.folder / "other"
    assert elsewhere.run("backup-key", other)[0] == 0
    code, said = elsewhere.run("restore", kept, "--key", other)
    assert (code, "made for another key" in said) == (1, True)
    code, said = elsewhere.run("restore", kept, "--key", kept)
    assert (code, "holds no secret key" in said) == (1, True)
    code, said = elsewhere.run("backup-key", other)
    assert (code, "exists" in said) == (1, True)


def test_who_is_connected_is_asked_to_stop_first(there: Installation, kept: Path) -> None:
    with there.cluster.connection(user="serentak_app"):
        code, said = there.run("restore", kept, "--key", there.folder / "key", "--replace")
    assert (code, "Stop web and worker processes first" in said) == (1, True)


def test_a_kill_half_way_leaves_the_old_backup(there: Installation, kept: Path) -> None:
    file = there.folder / "killed.age"
    file.write_bytes(b"the old one")
    part = file.with_name("killed.age.part")
    seen = set()
    for number in range(6):
        process = subprocess.Popen([*SERENTAK, "backup", str(file)], env=there.variables, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        if number % 2:  # when the fresh database is there to read it back, else while it is written
            met = eventually(lambda: "serentak_check" in there.databases(), 60)
        else:
            met = eventually(lambda: part.exists() and part.stat().st_size > 0, 60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen.add(met)
        assert file.read_bytes() == b"the old one"
    assert seen == {True}
    assert part.exists()
    code, said = there.run("backup", file)
    assert code == 0, said
    assert not part.exists()
    assert file.stat().st_size == pytest.approx(kept.stat().st_size, rel=0.2)
    assert there.databases() == {"postgres", "serentak", "template0", "template1"}


def test_lost_evidence_is_named_and_the_rest_is_kept(
    there: Installation, elsewhere: Installation
) -> None:
    lost = next((there.home / "evidence").rglob("*.pdf"))
    content = lost.read_bytes()
    lost.unlink()
    file = there.folder / "lost.age"
    try:
        code, said = there.run("backup", file)
    finally:
        lost.write_bytes(content)
    assert code == 1
    assert lost.name in said
    code, said = elsewhere.run("restore", file, "--key", there.folder / "key")
    assert code == 0, said
    assert lost.name in said


def test_what_is_needed_is_asked_for(there: Installation) -> None:
    variables = dict(there.variables)
    try:
        del there.variables["SERENTAK_BACKUP_TO"]
        assert "backup-key" in there.run("backup", there.folder / "x.age")[1]
        assert "begins with age1" in there.run("backup", there.folder / "x.age", "--to", "age1x")[1]
    finally:
        there.variables = variables
    assert "no folder" in there.run("backup", there.folder / "none" / "x.age")[1]
    assert not (there.folder / "x.age").exists()


def test_the_tools_ask_the_one_server_of_several_that_answered(
    there: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = there.cluster.connection_parameters()
    named = {
        "NAME": "serentak",
        "OPTIONS": {"host": f"{tmp_path},{parameters['host']}", "port": parameters["port"]},
    }
    monkeypatch.setitem(settings.DATABASES, "default", named)
    monkeypatch.setattr(settings, "SERENTAK_OWNER", {"USER": parameters["user"]})
    assert backup._answering("serentak")["host"] == parameters["host"]
