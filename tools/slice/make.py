"""Lays a new slice down, whole from its first minute: `make slice NAME=security FOCUS=SECURITY`.

What is laid down is the folder `specimen` beside this file with its names replaced; what a question
is called, and where its card stands, was said by the desk before (`TO_COME` of its words).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

HOUSE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(HOUSE / "src"), str(HOUSE)]  # this house, whichever is installed
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")

import django  # noqa: E402 -- the settings are named above

django.setup()

from django.utils.translation import override  # noqa: E402

from serentak.config import messages  # noqa: E402
from serentak.config.house import FLOORS, FRAME, PACKAGE  # noqa: E402
from serentak.config.translations import compile_stale  # noqa: E402
from serentak.desk.words import TO_COME, ToCome  # noqa: E402
from serentak.institutions.queries import roles  # noqa: E402
from serentak.kernel.briefing import Focus  # noqa: E402
from serentak.platform import areas  # noqa: E402
from tests.architecture import test_access as access  # noqa: E402

SPECIMEN = Path(__file__).with_name("specimen")
BOUNDED = access.FILE.with_name("test_bounded.py")

NEXT = """\
{slice} stands, and `make check` and `make test` hold it. Read its README, then put in
what the slice is for, file by file. Two lines were written outside and are yours to read: who gets
in where (tests/architecture/access.txt, as catalogue/roles.yaml has it), and that the table is
BOUNDED (tests/architecture/test_bounded.py). What the desk said of the question until now is
hidden: take it out of TO_COME (src/serentak/desk/words.py).

While you build:
  after changing models   rm {slice}/migrations/0*.py  (until others have it; then add one)
                          DJANGO_SETTINGS_MODULE=serentak.config.settings \\
                            .venv/bin/django-admin makemigrations {name} --name what_it_holds
  after changing words    .venv/bin/serentak messages extract {name}, then fill in the Indonesian
  code into its form      make format  (ruff check --fix, ruff format)
  the quick guards        .venv/bin/pytest {slice} tests/architecture \\
                            -k "not access and not bounded and not reachable"
  all guards              .venv/bin/pytest tests/architecture
  before handing in       make check; make test"""


def main(name: str = "", focus: str = "") -> int:
    """Lay the slice down and say what comes next; 1, and nothing is written, where it may not."""
    if fault := name_fault(name) or focus_fault(focus):
        print(fault, file=sys.stderr)
        return 1
    compile_stale()  # so that the question is known in Indonesian
    question = next(question for question in TO_COME if question.focus == focus)
    folder = PACKAGE / name
    lay_down(folder, names(name, question))
    run("ruff", "check", "--quiet", "--fix", "--select", "I", str(folder))
    run("ruff", "format", "--quiet", str(folder))
    messages.update(only=[name])
    run("django-admin", "makemigrations", name, "--name", "checks", "--verbosity", "0")
    run("ruff", "check", "--quiet", "--fix", "--select", "I", str(folder / "migrations"))
    run("ruff", "format", "--quiet", str(folder / "migrations"))
    let_in(name)
    call_bounded(f"{name}.Check")
    print(NEXT.format(slice=folder.relative_to(HOUSE), name=name))
    return 0


def name_fault(name: str) -> str:
    """Return why no slice can be called so; empty if one can."""
    declared = {slice_name for floor in FLOORS for slice_name in floor} - FRAME
    if not re.fullmatch(r"[a-z]{3,20}", name):
        return f"NAME={name}: a slice's name is one word of 3 to 20 small letters: NAME=security."
    if name not in declared:
        return (
            f"NAME={name}: no floor is declared for it. Put it into FLOORS of "
            f'src/serentak/config/house.py: as `("{name}",),` where it has a floor of its own, '
            f"beside its neighbours where it shares theirs."
        )
    if (PACKAGE / name).exists():
        return f"NAME={name}: {(PACKAGE / name).relative_to(HOUSE)} exists already."
    return ""


def focus_fault(focus: str) -> str:
    """Return why no slice can answer this question; empty if one can."""
    answered = {area.focus: area.slice for area in areas.areas()}
    free = ", ".join(question for question in Focus if question not in answered)
    if focus in answered:
        return f"FOCUS={focus}: {answered[Focus(focus)]} answers it. Nobody answers yet: {free}."
    if focus not in set(Focus):
        return f"FOCUS={focus}: no such question. Nobody answers yet: {free}."
    return ""


def names(name: str, question: ToCome) -> Mapping[str, str]:
    """Return what stands in the specimen and what is put there, in the order of replacing."""
    with override("id"):
        indonesian = {"Contoh": str(question.name), "Apa itu contoh?": str(question.question)}
    with override("en"):
        english = {"A question about specimens?": str(question.question)}
        english["Specimens"] = str(question.name)
    order = {f"Phase.{phase}: 0": f"Phase.{phase}: {at}" for phase, at in question.order.items()}
    return {
        **english,
        **indonesian,
        **order,
        "Focus.SPECIMEN": f"Focus.{question.focus}",
        "SPECIMEN": name.upper(),
        "Specimen": name.capitalize(),
        "specimen": name,
    }


def lay_down(folder: Path, put: Mapping[str, str]) -> None:
    """Copy the specimen into a folder, which must not exist, with its names replaced."""

    def replaced(text: str) -> str:
        for old, new in put.items():
            text = text.replace(old, new)
        return text

    with_names = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SPECIMEN, folder, ignore=with_names)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            path.write_text(replaced(path.read_text("utf-8")), "utf-8")
        if "specimen" in path.name:
            path.rename(path.with_name(replaced(path.name)))


def let_in(name: str) -> None:
    """Write into the table of who gets in what the slice's roles.yaml says of its two pages."""
    held = yaml.safe_load((PACKAGE / name / "catalogue" / "roles.yaml").read_text("utf-8"))
    viewing, recording = held["permissions"].values()
    table = access.read(access.FILE.read_text("utf-8"))
    for route, may, holders in (("overview", "r", viewing), ("record", "w", recording)):
        let = {key for key, role in roles().items() if {key, *role.sets} & {*holders}}
        table[f"{name}:{route}"] = {who: may if who in let else "" for who in access.WHO}
    access.FILE.write_text(access.written(dict(sorted(table.items()))), "utf-8")


def call_bounded(label: str) -> None:
    """Write into the guard of pages that grow what bounds the table of the specimen."""
    opening = "BOUNDED: Mapping[str, str] = {\n"
    before, after = BOUNDED.read_text("utf-8").split(opening)
    rows, rest = after.split("}\n", 1)
    row = f'    "{label}": "one for each place, shown by pages",\n'
    sorted_rows = sorted([*rows.splitlines(keepends=True), row])
    BOUNDED.write_text(f"{before}{opening}{''.join(sorted_rows)}}}\n{rest}", "utf-8")


def run(tool: str, *arguments: str) -> None:
    """Run a tool of the environment in this house; CalledProcessError where it fails."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    path = os.pathsep.join([str(HOUSE / "src"), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path, "SERENTAK_POOL": "0"}
    subprocess.run(command, cwd=HOUSE, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
