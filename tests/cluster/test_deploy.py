"""The files of `deploy/` say what is so: names that are read, commands that there are, valid forms."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from serentak.config import cli

DEPLOY = Path(__file__).parents[2] / "deploy"
SOURCE = DEPLOY.parent / "src" / "serentak"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))

OF_THE_FRONT = {"SERENTAK_SITE", "SERENTAK_NODES", "SERENTAK_FILES"}
"""Names that the web server in front reads."""


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text()))


def names(file: str) -> set[str]:
    """The variables that an example of an environment file sets."""
    return set(re.findall(r"^([A-Z_]+)=", (DEPLOY / file).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_of_serentak_is_read_somewhere(path: Path) -> None:
    source = "".join(file.read_text() for file in SOURCE.rglob("*.py") if "tests" not in file.parts)
    named = set(re.findall(r"\bSERENTAK_[A-Z0-9_]+", path.read_text())) - OF_THE_FRONT
    assert {name for name in named if f'"{name}"' not in source} == set()


def test_every_command_of_serentak_is_one() -> None:
    known = {name for module in cli.OWN for name in module.NAMES} | {"publish"}
    used = {
        word
        for path in FILES
        for word in re.findall(r"(?:^\s*|ExecStart=\S*/)serentak ([a-z]+)", path.read_text(), re.M)
    }
    assert {"serve", "worker", "migrate", "collect", "publish"} <= used <= known


def test_the_patroni_of_this_version_takes_its_file(tmp_path: Path) -> None:
    given = yaml.safe_load((DEPLOY / "patroni.yml").read_text())
    # From the environment, which Patroni's own check does not read.
    given |= {"name": "data1", "etcd3": {"hosts": ["127.0.0.1:2379"]}}
    given["restapi"]["connect_address"] = "data1:8008"
    given["postgresql"] |= {"connect_address": "data1:5432", "data_dir": str(tmp_path / "data")}
    for who in given["postgresql"]["authentication"].values():
        who["password"] = "word"
    file = tmp_path / "patroni.yml"
    file.write_text(yaml.safe_dump(given))
    command = [Path(sys.executable).with_name("patroni"), "--validate-config", file]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    faults = [line for line in (ran.stdout + ran.stderr).splitlines() if "didn't pass" in line]
    # That nothing runs here, and that PostgreSQL's folder is not named, is no fault of the file.
    absent = ("bin_dir", "data_dir", "etcd3.hosts")
    assert [line for line in faults if not any(name in line for name in absent)] == []


def test_a_lease_outlasts_what_patroni_tries_within_it() -> None:
    dcs = yaml.safe_load((DEPLOY / "patroni.yml").read_text())["bootstrap"]["dcs"]
    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"]
    assert dcs["synchronous_mode"]
    assert dcs["synchronous_mode_strict"]


def test_compose_names_volumes_secrets_and_services_that_there_are() -> None:
    text, found = (DEPLOY / "compose.yml").read_text(), compose()
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) == names("compose.env.example")
    volumes = {v.split(":")[0] for s in found["services"].values() for v in s.get("volumes", ())}
    assert {v for v in volumes if not v.startswith(".")} == set(found["volumes"])
    asked = {name for s in found["services"].values() for name in s.get("depends_on", ())}
    assert asked <= set(found["services"])
    members = sorted(name for name in found["services"] if name.startswith("data"))
    urls = re.findall(r"_URL: postgresql\S+", text)
    assert all(f"host={','.join(members)}&" in url for url in urls)
    assert len(urls) == 2


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_reads_an_environment_that_has_an_example(path: Path) -> None:
    unit = path.read_text()
    [file] = re.findall(r"^EnvironmentFile=/etc/serentak/(\S+)", unit, re.MULTILINE)
    assert (DEPLOY / f"{file}.example").is_file()
    for script in re.findall(r"/opt/serentak/(deploy/\S+)", unit):
        assert (DEPLOY.parent / script).is_file()


def test_the_owners_password_is_with_no_machine_that_serves() -> None:
    assert not {n for n in names("serentak.env.example") if "OWNER" in n}
    for name, service in compose()["services"].items():
        if name != "setup":
            assert "OWNER" not in str(service)
