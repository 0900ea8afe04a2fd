"""Breaks code on purpose and counts what no test notices: `make mutants` (ARGS="neutrality").

Every area's rules are judged by its tests of rules, which need no database: about half an hour for
the whole house. `ARGS="neutrality --row actions"` judges actions by the area's tests of actions, on
the embedded server: seconds for each mutant, so take a part of them with `--only "*[05]"`.

mutmut makes the mutants and runs them in `var/mutants/AREA-ROW`, where its own commands work
(`mutmut show NAME`, `mutmut browse`). It leaves decorated functions alone, which here are every
action and every property, so the copy that it gets says `@action` after the function instead of
before it. The copy also lacks `strict=True` of `zip`, a fence that no test can reach.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "serentak"
MUTMUT = str(Path(sys.executable).parent / "mutmut")
AREAS = ["kernel", *sorted({f.parents[1].name for f in PACKAGE.glob("*/tests/test_rules*.py")})]
MOVED = {"action", "property"}
LIVED = {"survived", "no tests"}


def undecorated(source: str, *, skip: str = "") -> str:
    """Return `source` with each decorator of MOVED as a call after its function.

    Functions whose name matches `skip` are marked as not to be broken.
    """
    lines = source.splitlines()
    for node in sorted(
        (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)),
        key=lambda node: node.lineno,
        reverse=True,
    ):
        if skip and re.match(skip, node.name):
            lines[node.lineno - 1] += "  # pragma: no mutate block"
        names = [ast.unparse(decorator) for decorator in node.decorator_list]
        if len(names) != 1 or names[0] not in MOVED or node.end_lineno is None:
            continue
        indent = " " * node.col_offset
        lines.insert(node.end_lineno, f"{indent}{node.name} = {names[0]}({node.name})")
        del lines[node.decorator_list[0].lineno - 1]
    return "\n".join([*lines, ""]).replace(", strict=True)", ")")


def targets(area: str, row: str) -> list[Path]:
    """Return the modules of `area` that are broken: those of the row, or the whole kernel."""
    if area == "kernel":
        return sorted(PACKAGE.glob("kernel/*.py"))
    return sorted([*PACKAGE.glob(f"{area}/{row}.py"), *PACKAGE.glob(f"{area}/{row}/*.py")])


def judges(area: str, row: str) -> list[Path]:
    """Return the test modules that judge the row."""
    pattern = "kernel/tests/test_*.py" if area == "kernel" else f"{area}/tests/test_{row}*.py"
    return sorted(PACKAGE.glob(pattern))


def _prepare(place: Path, area: str, row: str, skip: str) -> None:
    """Fill `place` with a copy of the project in which mutmut works on the one row."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=ignored, dirs_exist_ok=True)
    shutil.copy2(ROOT / "conftest.py", place)
    for path in targets(area, row):
        copy = place / path.relative_to(ROOT)
        copy.write_text(undecorated(path.read_text(), skip=skip))
        shutil.copystat(path, copy)
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    mutmut = {
        "source_paths": ["src"],
        "only_mutate": [str(path.relative_to(ROOT)) for path in targets(area, row)],
        "also_copy": ["src", "tests", "conftest.py"],
        "pytest_add_cli_args_test_selection": [
            str(path.relative_to(ROOT)) for path in judges(area, row)
        ],
        "pytest_add_cli_args": [
            "--reuse-db",
            "--hypothesis-profile=mutants",
            *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they collect garbage
        ],
        "process_isolation": "forkserver",
        "timeout_constant": 4.0,  # a minute for each mutant: the machine may be busy
        "use_git_change_detection": False,
    }
    sections = {"pytest.ini_options": options, "mutmut": mutmut}
    (place / "pyproject.toml").write_text(
        "".join(
            f"[tool.{name}]\n" + "".join(f"{key} = {_toml(of)}\n" for key, of in section.items())
            for name, section in sections.items()
        )
    )


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _results(place: Path) -> dict[str, str]:
    """Return what became of each mutant."""
    run = subprocess.run(
        [MUTMUT, "results", "--all", "True"], cwd=place, capture_output=True, text=True, check=True
    )
    return dict(line.strip().split(": ") for line in run.stdout.splitlines() if ": " in line)


def _print_table(results: dict[str, str]) -> None:
    """Print of each module how many mutants there are, were tried and were killed."""
    module = {name: re.split(r"\.x_|\.xǁ", name)[0] for name in results}
    tried = Counter(module[name] for name, state in results.items() if state != "not checked")
    lived = Counter(module[name] for name, state in results.items() if state in LIVED)
    for name, total in sorted(Counter(module.values()).items()):
        killed = tried[name] - lived[name]
        share = f"{killed / tried[name]:4.0%}" if tried[name] else "   –"
        print(f"{name:44} {total:5} mutants {tried[name]:5} tried {killed:5} killed {share}")


def main() -> int:
    """Run mutmut for the areas and the row asked for; say which mutants lived."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument(
        "areas", nargs="*", metavar="AREA", choices=AREAS, help=f"of {', '.join(AREAS)}"
    )
    parser.add_argument("--row", choices=["rules", "actions"], default="rules")
    parser.add_argument("--only", metavar="PATTERN", help="mutants whose name matches, like a file")
    parser.add_argument("--skip", metavar="REGEX", default="", help="functions to leave whole")
    parser.add_argument("--again", action="store_true", help="only those that lived the last time")
    asked = parser.parse_args()
    os.environ |= {"SERENTAK_HOME": str(ROOT / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    for area in asked.areas or AREAS:
        place = ROOT / "var" / "mutants" / f"{area}-{asked.row}"
        if not targets(area, asked.row):
            parser.error(f"{area} has no {asked.row}")
        if asked.again and not place.is_dir():
            parser.error(f"{area}: run it without --again first")
        names = [asked.only] if asked.only else []
        if asked.again:
            names = [name for name, state in _results(place).items() if state in LIVED]
            # Which tests call what is asked anew: a test that was there may say more now.
            (place / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
        else:
            shutil.rmtree(place, ignore_errors=True)
        _prepare(place, area, asked.row, asked.skip)
        if not _run(place, names) or (asked.again and not asked.only and not _run(place, [])):
            return 1
        results = _results(place)
        for name, state in results.items():
            if state in LIVED:
                print(f"{state}: {name}")
        _print_table(results)
    return 0


def _run(place: Path, names: list[str]) -> bool:
    """Run the mutants named, or all that have no result; tell what mutmut said if it failed."""
    command = ["nice", "-n", "19", MUTMUT, "run", "--max-children", "1", *names]
    run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stdout[-4000:], run.stderr[-4000:], sep="\n")
    return not run.returncode


if __name__ == "__main__":
    sys.exit(main())
