"""Minutes as offices write them: who is asked, by when, and why it was read so."""

from datetime import date

import pytest

from serentak.coordination.queries import settings
from serentak.coordination.rules import days
from serentak.coordination.rules.minutes import (
    Addressee,
    OutcomeKind,
    ReadLine,
    Reason,
    Region,
    Why,
    read_minutes,
)
from serentak.institutions.public import directed_kinds
from serentak.platform.holidays import holidays

MONDAY = date(2024, 10, 28)
VOTE = date(2024, 11, 27)

OCT, NOV, DEC = 10, 11, 12


def first_day(words: str, today: date = MONDAY) -> date | None:
    found = days.said_days(
        words,
        words=settings.minutes_words().days,
        today=today,
        vote_date=VOTE,
        holidays=holidays(),
    )
    return next((said.day for said in found if said.day), None)


DAYS = [
    # How days are read, said on Monday 28 October 2024.
    ("hari ini", (OCT, 28)),
    ("segera", None),
    ("secepatnya", None),
    ("besok", (OCT, 29)),
    ("lusa dilaporkan", (OCT, 30)),
    ("2 × 24 jam", (OCT, 30)),
    ("2 x 24 jam", (OCT, 30)),
    ("Rabu", (OCT, 30)),
    ("paling lambat Jumat.", (NOV, 1)),
    ("hari Jum'at", (NOV, 1)),
    ("tiga hari lagi survei", (OCT, 31)),
    ("dalam 3 hari kerja", (OCT, 31)),
    ("tgl 5", (NOV, 5)),
    ("Kamis 7 Nov", (NOV, 7)),
    ("Kamis, 7/11", (NOV, 7)),
    ("Kamis tgl 7", (NOV, 7)),
    ("Kamis tanggal 7 November", (NOV, 7)),
    ("tanggal 30", (OCT, 30)),
    ("15/11", (NOV, 15)),
    ("15-11", (NOV, 15)),
    ("15 Nov", (NOV, 15)),
    ("H-8", (NOV, 19)),
    ("h-8", (NOV, 19)),
    ("H - 8", (NOV, 19)),
    ("H min 8", (NOV, 19)),
    ("H-3", (NOV, 24)),
    ("H+1", (NOV, 28)),
    ("minggu ini", (NOV, 1)),
    ("pekan ini", (NOV, 1)),
    ("akhir pekan", None),
    ("pekan depan", None),
    ("minggu depan", None),
    ("Senin", (NOV, 4)),
    ("Senin depan beres", (NOV, 4)),
    ("dua minggu lagi", (NOV, 11)),
    ("2 minggu lagi", (NOV, 11)),
    ("akhir bulan", (OCT, 31)),
    ("awal bulan depan", None),
    ("27–28 November", None),
    ("27-28 Nov", None),
    ("25 s.d. 28 November", None),
    ("H-7 s.d. H+1", None),
    ("sebelum masa tenang", (NOV, 23)),
    ("sebelum pencoblosan", (NOV, 26)),
    # Lines of the issue.
    ("siapkan 6 speedboat utk Banyuasin II tgl 23/11", (NOV, 23)),
    ("sblm Jumat", (OCT, 31)),
    ("rapat berikutnya Kamis", (OCT, 31)),
    ("5 Nopember", (NOV, 5)),
    ("05-11-2024", (NOV, 5)),
    ("H - 7", (NOV, 20)),
    # And more of the kind.
    ("s.d. 5 November", (NOV, 5)),
    ("tgl 5 Nop", (NOV, 5)),
    ("5 Nopember 2024", (NOV, 5)),
    ("tanggal 5 November 2024", (NOV, 5)),
    ("5 Des", (DEC, 5)),
    ("3 Desember", (DEC, 3)),
    ("Selasa pekan depan", (NOV, 5)),
    ("Selasa minggu depan", (NOV, 5)),
    ("Jumat minggu depan", (NOV, 8)),
    ("satu pekan lagi", (NOV, 4)),
    ("seminggu lagi", (NOV, 4)),
    ("sepekan ke depan", (NOV, 4)),
    ("3 hari ke depan", (OCT, 31)),
    ("dalam 3 hari", (OCT, 31)),
    ("dalam lima hari kerja", (NOV, 4)),
    ("1x24 jam", (OCT, 29)),
    ("esok pukul 09.00 WIB", (OCT, 29)),
    ("hari Minggu", (NOV, 3)),
    ("Sabtu", (NOV, 2)),
    ("Kamis 31/10", (OCT, 31)),
    ("akhir bulan ini", (OCT, 31)),
    ("sebelum 15 November", (NOV, 14)),
    ("sebelum tgl 5", (NOV, 4)),
    ("sebelum pemungutan suara", (NOV, 26)),
    ("tgl. 7", (NOV, 7)),
    ("15/11/24", (NOV, 15)),
    ("15-11-2024", (NOV, 15)),
    # Not seen while the table was written.
    ("paling telat 3 Des", (DEC, 3)),
    ("tgl 3 bulan depan", (NOV, 3)),
    ("H-14", (NOV, 13)),
    ("Senin tgl 4", (NOV, 4)),
    ("besok pagi", (OCT, 29)),
    ("tiga minggu lagi", (NOV, 18)),
    ("empat hari kerja", (NOV, 1)),
    ("awal Desember", None),
    ("pertengahan November", None),
    ("28 Oktober s/d 2 November", None),
    ("tanggal 15 bulan ini", (OCT, 15)),
    ("H minus 5", (NOV, 22)),
    ("H–6", (NOV, 21)),
    ("Jumat (1/11)", (NOV, 1)),
    ("nanti sore", (OCT, 28)),
    # No days.
    ("hibah 4,5 M", None),
    ("Rp 4,5 miliar", None),
    ("tiba 40 %", None),
    ("62 persen", None),
    ("gudang 16.02", None),
    ("pukul 09.00", None),
    ("pkl 14.30", None),
    ("09.00 WIB", None),
    ("1.000 kotak", None),
    ("6 speedboat", None),
    ("272 TPS", None),
    ("31 Februari", None),
    ("Tanggal 31 Feb", None),
    ("dua perahu", None),
]


@pytest.mark.parametrize(("words", "day"), DAYS)
def test_days_are_read_as_they_are_meant(words: str, day: tuple[int, int] | None) -> None:
    assert first_day(words) == (date(2024, *day) if day else None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("5/1/25", date(2025, 1, 5)),
        ("10 Pebruari 2025", date(2025, 2, 10)),
        ("10 Peb", date(2025, 2, 10)),
        ("2 Januari 2027", date(2027, 1, 2)),
    ],
)
def test_days_of_another_year(words: str, day: date) -> None:
    assert first_day(words) == day


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        ("Rabu minggu depan", date(2024, 10, 31), date(2024, 11, 6)),
        ("Rabu minggu depan", date(2024, 11, 3), date(2024, 11, 6)),  # a Sunday ends its week
        ("minggu ini", date(2024, 11, 1), date(2024, 11, 1)),
        ("minggu ini", date(2024, 11, 2), None),
        ("akhir bulan", date(2024, 2, 1), date(2024, 2, 29)),
        ("akhir bulan", date(2024, 12, 31), date(2024, 12, 31)),
        ("Kamis", date(2024, 10, 31), date(2024, 11, 7)),
        ("tgl 31", date(2024, 11, 1), date(2024, 12, 31)),
        ("tgl 1", date(2024, 11, 1), date(2024, 11, 1)),
    ],
)
def test_days_follow_from_today(words: str, today: date, day: date | None) -> None:
    assert first_day(words, today) == day


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        # Christmas of 2024 with its collective leave; Idulfitri and Nyepi of 2026 from 18 to 24 March.
        ("dalam 3 hari kerja", date(2024, 12, 23), date(2024, 12, 30)),
        ("dalam 3 hari kerja", date(2026, 3, 16), date(2026, 3, 26)),
        # The day of the vote is a day off.
        ("2 hari kerja", date(2024, 11, 26), date(2024, 11, 29)),
    ],
)
def test_working_days_leave_out_holidays(words: str, today: date, day: date) -> None:
    assert first_day(words, today) == day


REGENCIES = {
    "Ogan Komering Ilir": "16.02",
    "Muara Enim": "16.03",
    "Musi Banyuasin": "16.06",
    "Banyuasin": "16.07",
    "Ogan Ilir": "16.10",
    "Empat Lawang": "16.11",
    "Palembang": "16.71",
}
DISTRICTS = {
    "Air Sugihan": "16.02.14",
    "Cengal": "16.02.10",
    "Tulung Selapan": "16.02.08",
    "Lalan": "16.06.11",
    "Banyuasin II": "16.07.02",
    "Rambutan": "16.07.09",
}
OWN = ("SECRETARY", "DISHUB", "DINKES", "DISKOMINFO", "KPU", "BAWASLU", "POLICE", "PLN", "TELECOMS")
BELOW = ("REGENT", "KPU", "BAWASLU", "POLICE", "ARMY")
IDS = {
    key: number
    for number, key in enumerate(
        [
            *((kind, "16") for kind in OWN),
            *((kind, code) for code in REGENCIES.values() for kind in BELOW),
        ],
        1,
    )
}
REGION = Region(
    "16",
    DISTRICTS | REGENCIES | {"oki": "16.02", "oi": "16.10", "muba": "16.06"},
    {code: IDS["REGENT", code] for code in REGENCIES.values()},
    directed_kinds(),
)
TABLE = [
    Addressee(
        id,
        ("KPU Provinsi",) if (kind, place) == ("KPU", "16") else (),
        kind,
        "PROVINCE" if place == "16" else "REGENCY",
        place,
    )
    for (kind, place), id in IDS.items()
]


def read(line: str) -> list[ReadLine]:
    return read_minutes(
        line,
        words=settings.minutes_words(),
        addressees=TABLE,
        today=MONDAY,
        holidays=holidays(),
        vote_date=VOTE,
        region=REGION,
    )


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("Dishub Banyuasin menyiapkan perahu, besok.", ("REGENT", "16.07")),
        ("Camat Cengal menyiapkan perahu, besok.", ("REGENT", "16.02")),
        ("KPU Banyuasin menyiapkan rute, besok.", ("KPU", "16.07")),
        ("Lapas Banyuasin menyiapkan TPS khusus, besok.", None),
        ("DPRD Banyuasin menyetujui perubahan anggaran, besok.", None),
        ("BMKG Palembang menyampaikan prakiraan, besok.", None),
        ("Kejari Banyuasin menyampaikan data, besok.", None),
    ],
)
def test_a_head_of_region_speaks_for_those_whom_heads_direct(
    line: str, owner: tuple[str, str] | None
) -> None:
    """Who decides for itself is asked itself, and where the meeting may not, it is nobody's."""
    (row,) = read(line)
    assert row.institution_id == (IDS[owner] if owner else None)


LINES = [
    # Fifteen lines of a governor's meeting on 28 October 2024.
    (
        "KPU OKI agar segera menyelesaikan pengiriman surat suara ke gudang, paling lambat Jumat.",
        [("KPU", "16.02")],
        (NOV, 1),
    ),
    (
        "KPU dan Polres Banyuasin menyepakati jadwal pengawalan distribusi ke Banyuasin II, H-8.",
        [("KPU", "16.07"), ("POLICE", "16.07")],
        (NOV, 19),
    ),
    (
        "Camat Air Sugihan dan Camat Cengal memetakan titik tanpa sinyal, lusa dilaporkan.",
        [("REGENT", "16.02")],
        (OCT, 30),
    ),
    (
        "PLN diminta menjamin tidak ada pemadaman 27–28 November di gudang dan tempat rekap.",
        [("PLN", "16")],
        None,
    ),
    (
        "Bupati Muara Enim ditugaskan mencairkan sisa hibah KPU 4,5 M paling lambat tgl 5.",
        [("REGENT", "16.03")],
        (NOV, 5),
    ),
    ("Sekda menyurati seluruh OPD soal netralitas, besok.", [("SECRETARY", "16")], (OCT, 29)),
    (
        "Polda menambah personel di Empat Lawang, h-3 sudah di tempat.",
        [("POLICE", "16")],
        (NOV, 24),
    ),
    (
        "PPK Rambutan sudah terima rute, tinggal perahu dari Dishub Banyuasin, Senin depan beres.",
        [("REGENT", "16.07")],
        (NOV, 4),
    ),
    (
        "Dinkes siapkan ambulans air di Lalan, 2 minggu lagi, cek di rakor berikut.",
        [("DINKES", "16")],
        (NOV, 11),
    ),
    (
        "Bawaslu mohon hasil pemetaan TPS rawan disampaikan ke Polda paling lambat 15/11.",
        [("BAWASLU", "16")],
        (NOV, 15),
    ),
    # Lines of the issue.
    ("Kadishub siapkan 6 speedboat utk Banyuasin II tgl 23/11", [("DISHUB", "16")], (NOV, 23)),
    ("Kapolda diminta menambah pengamanan gudang", [("POLICE", "16")], None),
    (
        "Bupati Kab. OKI dan Kab. Ogan Ilir menyiapkan posko, sblm Jumat",
        [("REGENT", "16.02"), ("REGENT", "16.10")],
        (OCT, 31),
    ),
    ("Dinas Perhubungan ditugaskan menyiapkan perahu, 5 Nopember", [("DISHUB", "16")], (NOV, 5)),
    # And more of the kind.
    ("Kapolres Banyuasin siaga H - 7", [("POLICE", "16.07")], (NOV, 20)),
    ("Wali Kota Palembang menertibkan APK 05-11-2024", [("REGENT", "16.71")], (NOV, 5)),
    (
        "Kominfo dan PLN cek menara Cengal besok",
        [("DISKOMINFO", "16"), ("PLN", "16")],
        (OCT, 29),
    ),
    ("Kadis Kominfo: cek sinyal di Muba, lusa", [("DISKOMINFO", "16")], (OCT, 30)),
    ("OKI kontrak perahu 5 Nov", [("REGENT", "16.02")], (NOV, 5)),
    ("KPU Provinsi kirim jadwal besok", [("KPU", "16")], (OCT, 29)),
    (
        "Dandim dan Kapolres OKI mengawal 20 Nov",
        [("ARMY", "16.02"), ("POLICE", "16.02")],
        (NOV, 20),
    ),
]


@pytest.mark.parametrize(("line", "owners", "due"), LINES)
def test_a_line_goes_to_who_is_meant(
    line: str, owners: list[tuple[str, str]], due: tuple[int, int] | None
) -> None:
    found = read(line)
    expected = [IDS[owner] for owner in owners]
    assert [reading.institution_id for reading in found] == expected
    assert all(reading.asks for reading in found)
    assert {reading.due_date for reading in found} == {date(2024, *due) if due else None}


def test_the_second_place_of_a_title_is_read_as_the_first() -> None:
    first, second = read("Bupati OKI dan Ogan Ilir menyiapkan posko besok")
    assert (first.place, second.place) == ("16.02", "16.10")
    assert first.reasons[0] == Reason(Why.NAMED, "bupati oki")
    assert second.reasons[:2] == (Reason(Why.SAME_LINE), Reason(Why.NAMED, "ogan ilir"))


def test_two_deeds_in_a_line_are_read_apart() -> None:
    """Line 14 of the fifteen: what the operator adds has no day; both survey in three days."""
    adds, surveys, joins = read(
        "Operator tambah BTS bergerak di Cengal, tiga hari lagi survei bersama Kominfo."
    )
    assert (adds.institution_id, adds.due_date) == (IDS["TELECOMS", "16"], None)
    assert adds.text == "Operator tambah BTS bergerak di Cengal"
    assert {surveys.institution_id, joins.institution_id} == {
        IDS["TELECOMS", "16"],
        IDS["DISKOMINFO", "16"],
    }
    assert surveys.due_date == joins.due_date == date(2024, 10, 31)
    assert {r.text for r in (surveys, joins)} == {"tiga hari lagi survei bersama Kominfo."}
    assert all(r.asks and r.place == DISTRICTS["Cengal"] for r in (adds, surveys, joins))
    assert all(Why.TWO_DEEDS in {w.why for w in r.reasons} for r in (adds, surveys, joins))


@pytest.mark.parametrize(
    "line",
    [
        "Dishub siapkan perahu, besok",
        "Dishub siapkan perahu bersama Dinkes, besok",
        "Perahu disiapkan, besok dicek bersama Dishub",
        "Dishub siapkan perahu, dicek bersama Dinkes besok",
    ],
)
def test_what_is_one_deed_stays_one_line(line: str) -> None:
    assert len(read(line)) == 1


def test_all_regents_are_asked_one_by_one() -> None:
    found = read(
        "Semua bupati/wali kota supaya menyampaikan rekap ikrar netralitas sebelum masa tenang.",
    )
    assert len(found) == len(REGENCIES)
    assert {reading.due_date for reading in found} == {date(2024, 11, 23)}


def test_what_is_only_reported_asks_nobody() -> None:
    (found,) = read("Dilaporkan sortir lipat di Palembang sudah 62 persen, tidak ada kendala.")
    assert (found.kind, found.institution_id, found.asks) == (OutcomeKind.INFORMATION, None, False)
    (found,) = read("Rakor berikut 4 Nov di Kayu Agung")
    assert (found.institution_id, found.asks) == (None, False)


def test_a_line_that_asks_without_saying_whom_is_marked() -> None:
    (found,) = read("Gudang kecamatan Tulung Selapan masih bocor, diperbaiki minggu ini.")
    assert (found.institution_id, found.asks) == (None, True)
    assert found.due_date == date(2024, 11, 1)
    assert found.place.startswith("16.02")
    assert Why.NOBODY in {reason.why for reason in found.reasons}


def test_a_day_named_twice_is_one_day() -> None:
    (found,) = read("Kadishub siapkan perahu, Senin 4 November")
    assert (found.due_date, found.check_date) == (date(2024, 11, 4), None)


@pytest.mark.parametrize(
    ("line", "due", "check"),
    [
        ("Kadis Kominfo: cek sinyal di Muba, lusa", (OCT, 30), None),
        ("Kadishub periksa dermaga Sekayu besok, cek Jumat", (OCT, 29), (NOV, 1)),
        ("Kadishub siapkan perahu tgl 5, diperiksa Kamis 7 Nov", (NOV, 5), (NOV, 7)),
        ("Kadishub siapkan perahu, diperiksa Jumat", None, (NOV, 1)),
        ("Rapat berikutnya Kamis", None, (OCT, 31)),
        ("Rakor berikut tgl 4 di Kayu Agung", None, (NOV, 4)),
    ],
)
def test_a_check_that_is_asked_for_is_due_and_no_day_of_checking(
    line: str, due: tuple[int, int] | None, check: tuple[int, int] | None
) -> None:
    (found,) = read(line)
    expected = tuple(date(2024, *day) if day else None for day in (due, check))
    assert (found.due_date, found.check_date) == expected


def test_a_misspelt_name_is_asked_about_and_not_taken() -> None:
    (found,) = read("Kadishubb siapkan perahu besok")
    assert found.institution_id is None
    assert Reason(Why.SIMILAR, "kadishubb → kadishub") in found.reasons


@pytest.mark.parametrize(
    "words",
    ["31 Februari", "30/2/2024", "31 Desember 9999", "31/12/9999", "1 Januari 0001", "1/1/0001"],
)
def test_a_day_that_never_comes_is_said(words: str) -> None:
    """Nor one that no calendar of ours holds, from which nothing could be counted."""
    for before in ("paling lambat ", "sebelum "):
        (found,) = read(f"Kadishub siapkan perahu {before}{words}")
        assert found.due_date is None
        assert Why.NO_SUCH_DAY in {reason.why for reason in found.reasons}


def test_beside_a_line_stands_why() -> None:
    (found,) = read("Kadishub siapkan 6 speedboat utk Banyuasin II tgl 23/11")
    told = {reason.why: (reason.words, reason.day) for reason in found.reasons}
    assert told[Why.OWN_REGION] == ("kadishub", None)
    assert told[Why.DAY] == ("23/11", date(2024, 11, 23))
    assert found.place.startswith("16.07")


def test_a_case_is_told_apart() -> None:
    found = read("Kasus ASN di OI yang kemarin: Bupati putuskan dalam 3 hari kerja.")
    assert all(Why.CASE in {r.why for r in reading.reasons} for reading in found)
    quiet = read("Sekda menyurati seluruh OPD soal netralitas, besok.")
    assert not any(Why.CASE in {r.why for r in reading.reasons} for reading in quiet)
