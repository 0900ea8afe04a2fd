"""CI fails when the tests that matter most did not run, however green the rest is."""

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import pytest_collection_modifyitems

RAN = Path(__file__).parents[2] / ".ci" / "ran.py"

BROWSER = '<testcase name="a"><properties><property name="needs" value="browser"/></properties>{}</testcase>'
DATABASE = '<testcase name="b"><properties><property name="needs" value="database"/></properties>{}</testcase>'
PLAIN = '<testcase name="c">{}</testcase>'


@pytest.mark.parametrize(
    ("cases", "code", "told"),
    [
        ([BROWSER.format(""), DATABASE.format(""), PLAIN.format("")], 0, "3 passed, 0 failed"),
        ([BROWSER.format(""), PLAIN.format("")], 1, "No database test ran."),
        ([DATABASE.format(""), PLAIN.format("")], 1, "No browser test ran."),
        ([DATABASE.format(""), BROWSER.format("<skipped/>")], 1, "No browser test ran."),
        (
            [DATABASE.format(""), BROWSER.format(""), BROWSER.format("<skipped/>")],
            1,
            "1 browser tests were skipped.",
        ),
        ([BROWSER.format(""), DATABASE.format("<failure/>")], 1, "1 passed, 1 failed"),
        ([BROWSER.format("<error/>"), DATABASE.format("")], 1, "1 passed, 1 failed"),
    ],
)
def test_what_ci_says_of_a_report(cases: list[str], code: int, told: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    ran = subprocess.run(
        [sys.executable, str(RAN), str(report)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == code
    assert told in ran.stdout
    assert ran.stdout.splitlines()[-1].endswith(" failed")


class Item:
    """As much of a collected test as the report's property asks for."""

    nodeid = "src/serentak/x.py::test"

    def __init__(self, *, marker: str = "", fixture: str = "") -> None:
        self.fixturenames = [fixture]
        self.user_properties: list[tuple[str, str]] = []
        self._marker = marker

    def get_closest_marker(self, name: str) -> bool:
        return name == self._marker


@pytest.mark.parametrize(
    ("item", "needs"),
    [
        (Item(marker="browser", fixture="live_server"), ["browser", "database"]),
        (Item(marker="django_db"), ["database"]),
        (Item(fixture="cluster"), ["database"]),
        (Item(), []),
    ],
)
def test_the_report_says_what_a_test_needs(item: Item, needs: list[str]) -> None:
    pytest_collection_modifyitems([item])
    assert item.user_properties == [("needs", need) for need in needs]
