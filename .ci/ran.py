"""Reads pytest's report and fails unless browser tests and database tests ran, none skipped."""

import sys
import xml.etree.ElementTree as ElementTree

NEEDED = ("browser", "database")


def main(report: str) -> int:
    """Print one closing line; 0 when everything needed ran and passed."""
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it
    ran = dict.fromkeys(NEEDED, 0)
    skipped = dict.fromkeys(NEEDED, 0)
    for case in cases:
        for needed in {item.get("value") for item in case.iter("property")} & set(NEEDED):
            (ran if case.find("skipped") is None else skipped)[needed] += 1
    faults = [f"No {needed} test ran." for needed in NEEDED if not ran[needed]]
    faults += [f"{skipped['browser']} browser tests were skipped."] * bool(skipped["browser"])
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    print(", ".join(f"{ran[needed]} {needed} tests" for needed in NEEDED))
    for fault in faults:
        print(fault)
    passed = len(cases) - failed - sum(case.find("skipped") is not None for case in cases)
    print(f"{passed} passed, {failed + len(faults)} failed")
    return 1 if faults or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
