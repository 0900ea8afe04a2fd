"""A sheet of pledges in, checked rows and problems by row out; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from serentak.institutions.public import InstitutionCard
from serentak.platform.sheets import Problem, SheetColumn, SheetRow, number_code, plain, whole

from .rules.standing import MOST_STAFF, GivenPledges, pledge_fault

COLUMNS = (
    SheetColumn(
        "agency",
        _("Agency"),
        ("perangkat daerah", "OPD", "SKPD", "instansi", "unit kerja", "agency", "nama OPD"),
        about=_("Full or short name as in the directory."),
        example="Dinas Perhubungan",
        is_name=True,
    ),
    SheetColumn(
        "staff",
        _("Staff"),
        ("pegawai", "jumlah pegawai", "jumlah ASN", "ASN", "staff"),
        about=_("Whole number: civil servants and contract employees."),
        example="124",
        adds_up=True,
    ),
    SheetColumn(
        "signed",
        _("Signed"),
        ("menandatangani", "sudah menandatangani", "ikrar", "jumlah ikrar", "signed"),
        about=_("Whole number, at most the staff."),
        example="119",
        adds_up=True,
    ),
)


@dataclass(frozen=True, slots=True)
class ReadPledges:
    """The rows that hold, and every rule that a row breaks."""

    rows: tuple[GivenPledges, ...]
    problems: tuple[Problem, ...]


def read_pledges(rows: Sequence[SheetRow], *, agencies: Sequence[InstitutionCard]) -> ReadPledges:
    """Check a sheet's rows against a region's own agencies; a row with a problem is left out."""
    by_name: dict[str, int] = {}
    several: set[str] = set()
    for agency in agencies:
        for name in {plain(agency.name), plain(agency.short_name), plain(agency.kind_label)}:
            if by_name.setdefault(name, agency.id) != agency.id:
                several.add(name)
    found: list[GivenPledges] = []
    problems: list[Problem] = []
    seen: set[int] = set()
    for row in rows:
        name = plain(row["agency"])
        agency_id = None if name in several else by_name.get(name)
        if agency_id is None:
            params = {"agency": row["agency"][:80]}
            problems.append(Problem(row.number, "agency", "neutrality.agency_is_unknown", params))
            continue
        if agency_id in seen:
            problems.append(Problem(row.number, "agency", "neutrality.agency_stands_twice"))
            continue
        seen.add(agency_id)
        staff, signed = (whole(row[name]) for name in ("staff", "signed"))
        for column, value in (("staff", staff), ("signed", signed)):
            if value is None:
                otherwise = "neutrality.number_is_not_whole"
                if not row[column].strip():
                    otherwise = "neutrality.number_is_missing"
                code = number_code(row[column], otherwise)
                problems.append(Problem(row.number, column, code))
        if staff is None or signed is None:
            continue
        if fault := pledge_fault(signed=signed, staff=staff):
            column = "staff" if staff <= 0 or staff > MOST_STAFF else "signed"
            problems.append(Problem(row.number, column, fault, {"agency": row["agency"][:80]}))
            continue
        found.append(GivenPledges(agency_id, staff, signed))
    return ReadPledges(tuple(found), tuple(problems))
