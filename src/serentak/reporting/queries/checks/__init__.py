"""Checks whose sides lie in several slices, each over their `public` alone."""

from collections.abc import Mapping

from serentak.kernel.differing import AsksForDifferences

from . import figures, people, reports, work

CHECKS: Mapping[str, AsksForDifferences] = {
    **figures.CHECKS,
    **people.CHECKS,
    **reports.CHECKS,
    **work.CHECKS,
}
"""What reporting compares, by the name that the catalogue of checks gives it."""
