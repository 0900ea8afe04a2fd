"""The pages of readiness: what each role sees and may do, and what bad input gets."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import icalendar
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.audit import history
from serentak.platform.models import EvidenceFile, User
from serentak.platform.templatetags.serentak import event_sentence
from serentak.platform.tests.builders import PNG
from serentak.readiness import actions, public
from serentak.readiness.forms import seen_target
from serentak.readiness.importers.plans import read_plan
from serentak.readiness.models import Activity, ProgressReport, Submission
from serentak.readiness.queries.board import Board, board, catalogue, page_of
from serentak.readiness.queries.overview import overview_on
from serentak.readiness.rules.reporting import ReportKind
from serentak.readiness.rules.states import target_version
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Cast, Member, seat
from tests.deeds import plan_meeting
from tests.markup import compact

from .builders import activity, answer, finish_on_plan, line, report, set_up, set_up_stations

PAGE = "/16.02/report"


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Any) -> Cast:
    """H-30, everything on plan, last reported four days ago."""
    settings.SERENTAK_DEMO = True
    settings.MEDIA_ROOT = tmp_path
    set_up()
    finish_on_plan(date(2024, 10, 28), at=AT - timedelta(days=4))
    clock.set_clock(domain_at=AT, scene="test")
    return cast


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


@pytest.fixture
def officer(world: Cast) -> Client:
    return signed_in(world.commission)


def text_of(response: Any) -> str:
    return compact(response.content.decode())


def page(**answers: Any) -> dict[str, Any]:
    """Return a sent page of reports: `kit_small="4"` types a total, `__note`, `__answer` the rest."""
    data: dict[str, Any] = {"client_key": str(uuid4())}
    shown = set()
    for name, value in answers.items():
        if name in ("rest", "send", "step", "rows"):
            data[name] = value
            continue
        key, _gap, part = name.partition("__")
        pk = activity(key.replace("_", "-")).pk
        shown.add(str(pk))
        data[f"{pk}_{part or 'quantity'}"] = value
    return {**data, "shown": " ".join(sorted(shown))}


# --- the page of reports


def test_the_page_shows_what_is_due_from_this_institution(officer: Client) -> None:
    response = officer.get(PAGE)
    text = text_of(response)
    assert response.status_code == 200
    assert "Ogan Komering Ilir" in text
    assert "Station crews formed" in text
    assert "Boxes at the stations" not in text  # its time has not come
    assert "Routes, trucks and boats" not in text  # the transport agency's
    assert 'name="rest" value="same">' in text  # nobody answers unseen work by one tap
    assert text.index("Station crews formed") < text.index('name="rest"')
    assert "capture=" not in text
    assert "Report on" in text
    assert "Boxes at the stations" in text_of(officer.get(f"{PAGE}?all"))


def test_one_tap_answers_all_the_rest_with_no_change(officer: Client, world: Cast) -> None:
    shown = re.search(r'name="shown" value="([\d ]+)"', text_of(officer.get(PAGE)))
    assert shown
    ids = shown[1].split()
    data = {"client_key": str(uuid4()), "shown": shown[1], "rest": "same", "send": "all"}
    data[f"{activity('kpps-form').pk}_quantity"] = "30"
    data[f"{activity('forms-print').pk}_answer"] = "nil"
    response = officer.post(PAGE, data, follow=True)
    assert f"{len(ids)} reports received: 1 new figure, {len(ids) - 2} no change, 1 nothing" in (
        text_of(response)
    )
    assert "Every report that is due today has come" in text_of(response)
    assert activity("kpps-form").done_quantity == 30
    assert Submission.objects.latest("id").submitted_by_id == world.commission.user_id


def test_without_the_rest_only_answers_are_sent(officer: Client) -> None:
    before = ProgressReport.objects.count()
    officer.post(PAGE, page(kit_small="5", forms_print=""))
    assert ProgressReport.objects.count() == before + 1
    assert activity("kit-small").done_quantity == 5


def test_the_message_leaves_out_what_there_was_none_of(officer: Client) -> None:
    text = text_of(officer.post(PAGE, page(kit_small="5"), follow=True))
    assert "1 report received: 1 new figure." in text


def test_sending_twice_writes_once(officer: Client) -> None:
    data = page(kit_small="5")
    officer.post(PAGE, data)
    count = Submission.objects.count()
    response = officer.post(PAGE, data, follow=True)
    assert "nothing was written twice" in text_of(response)
    assert Submission.objects.count() == count


@pytest.mark.parametrize(
    ("fields", "message", "at"),
    [
        ({"kit_small": "many"}, ": “many” is not a number. Write digits only", "quantity"),
        ({"kit_small": "−3"}, "cannot be less than 0", "quantity"),
        ({"kit_small": "5000"}, "more than 2 times the target of 5", "quantity"),
        ({"kit_small": "6"}, "6 is more than the target of 5. Say why in the note", "note"),
        ({"kpps_form": "20"}, "20 is less than the 26 reported before", "quantity"),
        ({"kit_small__answer": "quantity"}, "write the total reached so far", "quantity"),
        (
            {"kit_small": "15", "kit_small__answer": "same"},
            "the number 15 stands beside another answer",
            "quantity",
        ),
        (
            {"kit_small__answer": "nil", "kit_small": "1"},
            "stands beside another answer",
            "quantity",
        ),
        (
            {"kit_small": "5", "kit_small__note": "a" * 1001},
            "the note has 1,001 characters, at most 1,000 fit",
            "note",
        ),
    ],
)
def test_a_faulty_answer_sends_nothing_and_says_where(
    officer: Client, fields: dict[str, str], message: str, at: str
) -> None:
    before = Submission.objects.count()
    response = officer.post(PAGE, page(box_build="1", **fields))
    text = text_of(response)
    assert response.status_code == 422
    assert message in text
    key = next(iter(fields)).partition("__")[0].replace("_", "-")
    assert f'href="#a{activity(key).pk}-{at}"' in text
    assert 'value="1"' in text  # what was typed elsewhere is still there
    assert Submission.objects.count() == before


def test_every_faulty_answer_is_told_at_its_row_and_field(officer: Client) -> None:
    before = Submission.objects.count()
    data = page(box_build="1", kit_small="many", kpps_form="20", kpps_form__note="")
    response = officer.post(PAGE, data)
    text = text_of(response)
    small, crews = activity("kit-small").pk, activity("kpps-form").pk
    assert response.status_code == 422
    assert text.count('<p class="err" data-s="late">') == 2
    for anchor in (f"#a{small}-quantity", f"#a{crews}-quantity"):
        assert f'href="{anchor}"' in text
    assert 'value="many"' in text
    wrong = re.findall(r'name="(\d+_\w+)"[^>]*aria-invalid="true"', text)
    assert sorted(wrong) == sorted([f"{small}_quantity", f"{crews}_quantity"])
    assert Submission.objects.count() == before


def corrected(key: str, quantity: str, note: str = "Typed wrong", seen: int = 26) -> dict[str, str]:
    id = activity(key).pk
    told = {f"{id}_answer": "correction", f"{id}_quantity": quantity, f"{id}_note": note}
    return page() | told | {"shown": str(id), f"{id}_seen": str(seen)}


def test_a_correction_is_a_report_of_its_own_kind(officer: Client, world: Cast) -> None:
    crews = activity("kpps-form")
    form = text_of(officer.get(PAGE))
    assert f'name="{crews.pk}_answer" id="a{crews.pk}-correction"' in form
    assert f'name="{crews.pk}_seen" value="26"' in form
    every = text_of(officer.get(f"{PAGE}?all"))
    unheard = activity("box-build").pk
    assert f'id="a{unheard}-same"' in every
    assert f'id="a{unheard}-correction"' not in every  # nothing was told that could be wrong
    sent = corrected("kpps-form", "20")
    text = text_of(officer.post(PAGE, sent, follow=True))
    assert "1 report received: 1 total corrected." in text
    assert "(correction, before 26)" in text
    assert "(down" not in text
    assert "nothing was written twice" in text_of(officer.post(PAGE, sent, follow=True))
    told = ProgressReport.objects.get(kind="CORRECTION")
    assert (told.quantity_before, told.quantity, told.note) == (26, 20, "Typed wrong")
    shown = text_of(officer.get("/16.02/readiness/kpps-form"))
    assert "<b>Correction</b>" in shown
    assert "Progress reports sent: 1, 1 of them a correction" in shown
    assert "'s note" not in shown  # its reason is no obstacle of the work


def test_a_correction_of_what_changed_meanwhile_is_told(officer: Client, world: Cast) -> None:
    report(answer("kpps-form", 30))
    response = officer.post(PAGE, corrected("kpps-form", "20"))
    text = text_of(response)
    assert response.status_code == 422
    assert "somebody reported 30 meanwhile; you saw 26" in text
    assert 'value="Typed wrong"' in text
    assert f'name="{activity("kpps-form").pk}_seen" value="30"' in text
    assert officer.post(PAGE, corrected("kpps-form", "20", seen=30)).status_code == 302


def test_what_was_finished_by_mistake_can_be_corrected(officer: Client, world: Cast) -> None:
    target = activity("kpps-form").target_quantity
    officer.post(PAGE, page(kpps_form=str(target)))
    assert "Correct the report of" in text_of(officer.get(PAGE))
    assert "Station crews formed" not in text_of(officer.get(f"{PAGE}?all")).split('id="sent"')[0]
    shown = text_of(officer.get(f"{PAGE}?finished"))
    assert f'id="a{activity("kpps-form").pk}-correction"' in shown
    assert "are missing" not in shown
    link = 'href="/16.02/report?finished"'
    assert link in text_of(officer.get("/16.02/readiness/kpps-form"))
    sent = corrected("kpps-form", "5", seen=target)
    assert officer.post(f"{PAGE}?finished", sent).status_code == 302
    assert activity("kpps-form").done_quantity == 5


def test_a_pasted_correction_fills_the_page_as_one(officer: Client) -> None:
    rows = "kpps-form\t20\tSalah ketik\tkoreksi\nkpps-form\t20"
    text = text_of(officer.post(PAGE, {"step": "paste", "rows": rows}))
    assert "ready, as a correction" in text
    id = activity("kpps-form").pk
    assert re.search(rf'id="a{id}-correction" value="correction"\s+checked', text)


def test_a_nul_is_left_out_and_a_long_run_of_digits_names_nothing(officer: Client) -> None:
    response = officer.post(PAGE, page(kit_small="5\x00", kit_small__note="a\x00b"))
    assert response.status_code == 302
    assert ProgressReport.objects.latest("id").note == "ab"
    assert officer.post(PAGE, {**page(), "shown": "9" * 5000}).status_code == 422


def test_a_photo_goes_with_its_row_and_a_text_is_no_photo(officer: Client) -> None:
    photo = SimpleUploadedFile("gudang.png", PNG, "image/png")
    officer.post(PAGE, page(kit_small="4", kit_small__photo=photo))
    stored = ProgressReport.objects.latest("id")
    assert EvidenceFile.objects.get(pk=stored.evidence_id).content_type == "image/png"
    fake = SimpleUploadedFile("gudang.png", b"MZ not a picture at all", "image/png")
    response = officer.post(PAGE, page(kit_small="4", kit_small__photo=fake))
    assert response.status_code == 422
    assert "accepted are JPEG" in text_of(response)


def test_answers_on_what_is_not_ones_own_are_refused(officer: Client) -> None:
    before = Submission.objects.count()
    response = officer.post(PAGE, page(route_plan="2"))
    assert response.status_code == 422
    assert "belongs to" in text_of(response)
    assert activity("route-plan").done_quantity is None
    assert Submission.objects.count() == before


def test_pasted_rows_fill_the_page_and_write_nothing(officer: Client) -> None:
    before = Submission.objects.count()
    rows = "kirim ke TPS\t7\tlewat sungai\nKotak suara dirakitt\t3\nrakor besar\t4"
    response = officer.post(PAGE, {"step": "paste", "shown": "", "rows": rows})
    text = text_of(response)
    assert response.status_code == 200
    assert (
        f'name="{activity("ship-t").pk}_quantity" type="text" inputmode="numeric" value="7"' in text
    )
    assert "lewat sungai" in text
    assert "Is “Ballot boxes assembled” meant?" in text
    assert "“rakor besar” is no activity that you report here" in text
    assert Submission.objects.count() == before


def test_a_committee_reports_its_districts_lines(world: Cast) -> None:
    client = signed_in(world.district_committee)
    assert "Station crews formed" in text_of(client.get("/16.02.14/report"))
    pk = activity("kpps-form").pk
    data = {"client_key": str(uuid4()), "shown": str(pk), f"{pk}_quantity": "14"}
    assert client.post("/16.02.14/report", data).status_code == 302
    assert line("kpps-form").done_quantity == 14


def test_who_may_not_report_finds_no_page(world: Cast) -> None:
    for member, path in (
        (world.neighbour, PAGE),
        (world.observer, PAGE),
        (world.district_committee, PAGE),
        (world.commission, "/16/report"),
    ):
        assert signed_in(member).get(path).status_code == 404, member.username
    assert Client().get(PAGE).status_code == 302


# --- sheets


def workbook(
    *rows: tuple[Any, ...], headings: tuple[str, ...] = ("Kegiatan", "Jumlah", "Catatan")
) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, values in enumerate([headings, *rows]):
            sheet.write_row(at, 0, values)
    return SimpleUploadedFile("laporan.xlsx", out.getvalue())


def imported(client: Client, file: SimpleUploadedFile) -> tuple[Any, Any]:
    """Send a sheet, and commit it; return both answers."""
    first = client.post(f"{PAGE}/import", {"step": "send", "file": file})
    token = re.search(r'name="token" value="([^"]+)"', first.content.decode())
    assert token
    return first, client.post(f"{PAGE}/import", {"token": token[1], "step": "commit"})


def test_the_sheet_to_fill_in_is_read_back(officer: Client) -> None:
    content = officer.get(f"{PAGE}/sheet").content
    [heading, *rows] = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert heading[0] == "Activity"
    assert heading[-3:] == ["Total reached", "Note", "Kind of report"]
    names = [row[0] for row in rows]
    assert "Boxes at the stations" in names
    assert "Routes, trucks and boats fixed, both ways" not in names
    filled = workbook(
        ("Boxes at the stations", 4, ""),
        ("Ballot boxes assembled", None, ""),
        headings=("Activity", "Total reached", "Note"),
    )
    first, last = imported(officer, filled)
    assert first.status_code == 200
    assert last.status_code == 302
    assert activity("ship-t").done_quantity == 4
    assert activity("box-build").done_quantity is None


def test_one_bad_row_keeps_the_whole_sheet_out(officer: Client) -> None:
    before = Submission.objects.count()
    file = workbook(("kirim ke TPS", 4), ("rapat besar", 3), ("setting kotak", "lima"))
    first, last = imported(officer, file)
    text = text_of(first)
    assert first.status_code == last.status_code == 422
    assert "“rapat besar” is no activity that you report here" in text
    assert "“lima” is not a number" in text
    assert Submission.objects.count() == before


def test_what_changed_since_the_check_is_told_at_its_row(officer: Client, world: Cast) -> None:
    file = workbook(("kirim ke TPS", 4), ("setting kotak", 2))
    first = officer.post(f"{PAGE}/import", {"step": "send", "file": file})
    token = first.context["held"].token
    real = actions.report_progress

    def after_another(**arguments: Any) -> actions.Receipt:
        rows = [answer("ship-t", 6), answer("box-pack", 5)]
        real(client_key=uuid4(), place=OKI, rows=rows, actor=SYSTEM, at=AT)
        return real(**arguments)

    with patch.object(actions, "report_progress", after_another):
        last = officer.post(f"{PAGE}/import", {"token": token, "step": "commit"})
    assert last.status_code == 422
    told = [(p["problem"].row, p["problem"].column) for p in last.context["problems"]]
    assert told == [(2, "quantity"), (3, "quantity")]
    # Both reports lie in the one transaction of this test's request, which was undone as a whole.
    assert activity("ship-t").done_quantity is None


def test_the_same_sheet_twice_is_taken_once(officer: Client) -> None:
    before = Submission.objects.count()
    content = workbook(("kirim ke TPS", 4)).read()
    for _time in range(2):
        _first, last = imported(officer, SimpleUploadedFile("laporan.xlsx", content))
        assert last.status_code == 302
    assert Submission.objects.count() == before + 1


def test_a_sheet_without_the_columns_or_that_is_none_is_refused(officer: Client) -> None:
    response = officer.post(
        f"{PAGE}/import", {"step": "send", "file": workbook(("a", 1), headings=("Nama", "Umur"))}
    )
    assert response.status_code == 422
    assert "The column “Total reached” is missing" in text_of(response)
    text = SimpleUploadedFile("laporan.xlsx", b"PK not a workbook")
    assert officer.post(f"{PAGE}/import", {"step": "send", "file": text}).status_code == 422


# --- the plan and one activity


def test_the_plan_says_what_comes_first(officer: Client) -> None:
    wrong = answer("forms-print", 1, kind=ReportKind.CORRECTION, note="wrong before")
    report(wrong, at=AT - timedelta(days=1))
    text = text_of(officer.get("/16.02/readiness"))
    assert (
        "Readiness of Kabupaten Ogan Komering Ilir" in text or "Ogan Komering Ilir Regency" in text
    )
    assert "Finish now" in text
    assert text.index("Forms, covers, posters received") < text.index("Ballots sorted and folded")
    assert "If it is missed, the count or the recapitulation is late" in text
    assert "Critical path" in text
    assert "<svg" in text
    assert "Grant agreements signed" in text  # finished, folded away
    only = text_of(officer.get("/16.02/readiness?group=MAY_BE_DROPPED"))
    assert "Extra signal capacity" in only
    assert (
        "Ballots sorted and folded</a>"
        not in only.split("<details>")[0].split("Timeline")[0].split("tbody")[1]
    )
    assert "Priority: May be dropped</span></summary>" in only
    opened = re.findall(r'<details class="flap"( open)?><summary>(Next|May be dropped)', only)
    assert opened == [(" open", "May be dropped")]


def test_every_open_activity_stands_on_one_page(officer: Client) -> None:
    plan = text_of(officer.get("/16.02/readiness")).split('id="timeline"')[0]
    shown = len(re.findall(r'<th scope="row">', plan))
    assert 30 < shown == int(re.findall(r"1–(\d+) of (\d+)", plan)[0][1])
    groups = re.findall(r'class="flap"( open)?><summary>([\w ]+) · [^<]+<span>(\d+) rows?', plan)
    assert [bool(opened) for opened, _name, _n in groups] == [True] + [False] * (len(groups) - 1)
    assert sum(int(n) for _opened, _name, n in groups) == shown


def test_the_desk_sets_up_activities_once_there_are_stations(cast: Cast) -> None:
    desk = signed_in(cast.governor_desk)
    assert "Set up the activities" in text_of(desk.get("/16/readiness"))
    assert "Set up the activities" not in text_of(
        signed_in(cast.province_commission).get("/16/readiness")
    )
    refused = text_of(desk.post("/16/activities", follow=True))
    assert "There is no election yet. Set one up first." in refused
    set_up_stations()
    assert "new activities; all amounts" in text_of(desk.post("/16/activities", follow=True))
    assert Activity.objects.filter(place=OKI).count() == 79
    assert desk.get("/16/activities").status_code == 405
    assert signed_in(cast.commission).post("/16.02/activities").status_code == 404


def test_amounts_that_do_not_follow_the_stations_are_told_to_who_can_renew_them(
    world: Cast,
) -> None:
    Activity.objects.filter(pk=activity("ship-t").pk).update(target_quantity=8)
    desk, notice = signed_in(world.governor_desk), "In 1 regency or city amounts do not follow"
    assert notice in text_of(desk.get("/16/readiness"))
    assert notice not in text_of(signed_in(world.province_commission).get("/16/readiness"))
    assert notice not in text_of(desk.post("/16/activities", follow=True))
    assert activity("ship-t").target_quantity == 10


def test_the_plan_is_exported_with_the_reasons(officer: Client) -> None:
    response = officer.get("/16.02/readiness?export=csv")
    rows = response.content.decode()
    assert rows.splitlines()[0].endswith("Status,Why,Deadline")
    assert "Must begin within" in rows


def test_the_plan_of_a_district_and_of_a_place_without_activities(world: Cast) -> None:
    client = signed_in(world.governor_desk)
    assert "District stores dry and guarded" in text_of(client.get("/16.02.14/readiness"))
    assert "No activities are set up here yet" in text_of(client.get("/16.02.14.2001/readiness"))
    assert client.get("/16.99/readiness").status_code == 404
    assert signed_in(world.neighbour).get("/16.02/readiness").status_code == 404


def test_the_page_speaks_indonesian_by_itself(world: Cast) -> None:
    client = signed_in(world.commission, "id")
    text = text_of(client.get("/16.02/readiness"))
    assert "Kesiapan Kabupaten Ogan Komering Ilir" in text
    assert "Selesaikan sekarang" in text
    assert "tanpa ini pemungutan suara, batas waktu, atau kegiatan lain terancam" in text
    assert "Laporan hari ini" in text_of(client.get(PAGE))


def test_links_of_alerts_lead_to_pages(world: Cast) -> None:
    client = signed_in(world.governor_desk)
    assert client.get(page_of(OKI, "ship-t")).status_code == 200
    assert client.get(f"{page_of(PROVINCE)}?status=NO_REPORT").status_code == 200


def test_the_province_sees_one_activity_in_all_regencies(world: Cast) -> None:
    desk = signed_in(world.governor_desk)
    text = text_of(desk.get("/16/readiness/forms-print"))
    assert "Forms, covers, posters received" in text
    for name in ("Ogan Komering Ilir", "Banyuasin", "Ogan Ilir", "Palembang"):
        assert name in text
    assert 'href="/16.71/readiness/forms-print"' in text
    both = text_of(desk.get("/16/readiness/asn-pledge"))
    assert "How it stands" in both
    assert "In the regencies and cities" in both
    assert desk.get("/16/readiness/no-such").status_code == 404
    assert signed_in(world.commission).get("/16/readiness/forms-print").status_code == 404


def rows_of(client: Client, path: str) -> list[list[str]]:
    content = client.get(
        path, {"export": "csv"} | dict(parse_qsl(urlsplit(path).query, keep_blank_values=True))
    ).content
    lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    return lines[next(n for n, line in enumerate(lines) if line[:1] == ["Activity"]) + 1 :]


def test_the_provinces_page_lists_the_whole_province_with_the_desks_numbers(world: Cast) -> None:
    Activity.objects.filter(key="kit-one").update(done_quantity=0)
    client = signed_in(world.governor_desk)
    figures = {
        figure.code: figure
        for figure in public.briefings(parent=PROVINCE, viewer=world.governor_desk.viewer, at=AT)[
            PROVINCE
        ].figures
    }
    late = int(figures["readiness.late"].value or 0)
    assert late >= 4
    text = text_of(client.get("/16/readiness"))
    finished = figures["readiness.finished"]
    assert f"{finished.value} of {finished.of} finished" in text
    assert f'<a href="?status=LATE">{late} late</a>' in text
    kit = next(
        row for row in rows_of(client, "/16/readiness?status=LATE") if "Boxes, booths" in row[0]
    )
    assert "4 of 4 places: " in " ".join(kit)
    assert "The province's own activities" in html.unescape(text)
    own = rows_of(client, "/16/readiness?own=")
    assert not [row for row in own if "Boxes, booths" in row[0]]


def test_a_filter_of_the_provinces_page_keeps_only_the_places_meant(world: Cast) -> None:
    Activity.objects.filter(key="kit-one", place=OKI).update(done_quantity=1)
    client = signed_in(world.governor_desk)
    found = overview_on(_board(), PROVINCE)
    late = [row for row in found.rows if row.among(lambda part: part.status is Status.LATE)]
    assert (
        sum(
            len(row.parts)
            for row in (row.among(lambda part: part.status is Status.LATE) for row in late)
            if row
        )
        == found.late
    )
    kit = next(row for row in found.rows if row.key == "kit-one")
    here = kit.among(lambda part: part.place == OKI)
    assert here is not None
    assert (here.done_quantity, here.target_quantity) == (1, activity("kit-one").target_quantity)
    assert kit.target_quantity == sum(part.work.target for part in kit.parts)
    assert kit.among(lambda part: False) is None
    assert client.get("/16/readiness?status=NO_REPORT&group=NEXT&own").status_code == 200


def _board() -> Board:
    found = board(PROVINCE, at=AT)
    assert found is not None
    return found


def test_the_provinces_page_asks_no_more_the_more_there_is(
    world: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.province_commission)
    client.get("/16/readiness")
    with django_assert_max_num_queries(16):
        client.get("/16/readiness")


def test_the_province_has_one_status_on_every_page(world: Cast) -> None:
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    plan = public.plan(PROVINCE, viewer=SYSTEM, at=AT)
    assert plan is not None
    assert plan.status is found[PROVINCE].status
    own = public.plan(OKI, viewer=SYSTEM, at=AT)
    assert own is not None
    assert own.status is found[OKI].status


def test_an_activity_shows_reports_targets_and_both_totals(officer: Client, world: Cast) -> None:
    report(answer("ship-d", 3, district=AIR_SUGIHAN, note="by boat"), place=AIR_SUGIHAN)
    report(answer("ship-d", 5), actor=world.commission.viewer)
    text = text_of(officer.get("/16.02/readiness/ship-d"))
    assert "The districts report 3 together" in text
    assert "by boat" in text
    assert "Air Sugihan" in text
    assert "Boxes packed for each station" in text
    assert "PKPU" not in text.split("Source")[0]
    assert "Report progress" in text
    assert "Propose another date" in text
    assert officer.get("/16.02/readiness/no-such").status_code == 404


def test_buttons_are_for_those_who_may(world: Cast) -> None:
    text = text_of(signed_in(world.governor_desk).get("/16.02/readiness/outreach"))
    assert ">Drop<" not in text
    assert "Propose another date" not in text
    assert ">Drop<" in text_of(signed_in(world.commission).get("/16.02/readiness/outreach"))
    # the law's own date has no button to move it
    assert "another date" not in text_of(
        signed_in(world.commission).get("/16.02/readiness/kpps-form")
    )


# --- targets


def seen_now(key: str, place: PlaceCode = OKI) -> str:
    row = activity(key, place)
    return seen_target(row.pk, row.target_date)


def version(key: str) -> dict[str, int]:
    return {"version": target_version(activity(key).target_date)}


def test_a_date_that_nobody_saw_is_not_agreed(world: Cast) -> None:
    desk = signed_in(world.governor_desk)
    ids = [seen_now(key) for key in ("route-plan", "tent-build")]
    actions.propose_target(
        activity_id=activity("route-plan").pk,
        target_date=date(2024, 11, 16),
        actor=world.agency.viewer,
        at=AT,
    )
    sent = {"meeting_name": "Rakor", "meeting_date": "2024-10-14", "activity_ids": ids}
    refused = desk.post("/16.02/targets", sent)
    assert refused.status_code == 422
    told = text_of(refused)
    assert "The date of Routes, trucks and boats fixed, both ways changed since" in told
    assert "16 Nov" in told
    assert activity("tent-build").baseline_date is None
    ids = [seen_now(key) for key in ("route-plan", "tent-build")]
    told = text_of(desk.post("/16.02/targets", {**sent, "activity_ids": ids}, follow=True))
    assert "2 targets agreed" in told
    again = desk.post("/16.02/targets", {**sent, "activity_ids": ids})
    assert "agreed or dropped meanwhile" in text_of(again)


def test_of_two_who_move_a_target_the_second_looks_first(world: Cast) -> None:
    url = "/16.02/readiness/route-plan/propose"
    owner = signed_in(world.agency)
    first = {"target_date": "2024-11-15", "reason": "", **version("route-plan")}
    second = {**first, "target_date": "2024-11-12", "reason": "Perahu tiba"}
    assert owner.post(url, first).status_code == 302
    refused = owner.post(url, second)
    assert refused.status_code == 422
    assert "Somebody else changed this" in text_of(refused)
    assert "Perahu tiba" in text_of(refused)
    assert activity("route-plan").target_date == date(2024, 11, 15)
    shown = refused.context["form"]["version"].value()
    assert owner.post(url, {**second, "version": shown}).status_code == 302
    assert activity("route-plan").target_date == date(2024, 11, 12)


def test_targets_are_agreed_at_a_meeting_and_then_moved_with_a_reason(world: Cast) -> None:
    desk = signed_in(world.governor_desk)
    form = desk.get("/16.02/targets")
    assert "Stations built · KPU · 26 Nov, H-1" in text_of(form)
    ids = [seen_now(key) for key in ("route-plan", "tent-build")]
    sent = {"meeting_name": "Rakor Pilkada", "meeting_date": "2024-10-14", "activity_ids": ids}
    response = desk.post("/16.02/targets", sent, follow=True)
    assert "2 targets agreed" in text_of(response)
    owner = signed_in(world.agency)
    move = {"target_date": "2024-11-15", "reason": "Sungai surut", **version("route-plan")}
    response = owner.post("/16.02/readiness/route-plan/move", move, follow=True)
    text = text_of(response)
    assert "The target was moved" in text
    assert "agreed: H-14, 13 Nov 2024" in text
    assert "Sungai surut" in text
    assert "Rakor Pilkada" in text
    assert "Target moved: Routes, trucks and boats fixed, both ways, H-14 → H-12" in text


def test_a_target_is_not_moved_without_reason_past_its_deadline_or_by_others(world: Cast) -> None:
    actions.agree_targets(
        activity_ids=[activity("route-plan").pk],
        meeting_name="Rakor",
        meeting_date=date(2024, 10, 14),
        actor=SYSTEM,
        at=AT,
    )
    url = "/16.02/readiness/route-plan/move"
    owner = signed_in(world.agency)
    response = owner.post(url, {"target_date": "2024-11-15", "reason": "", **version("route-plan")})
    assert response.status_code == 422
    response = owner.post(
        url, {"target_date": "2024-11-27", "reason": "x", **version("route-plan")}
    )
    assert response.status_code == 422
    assert "lies after the last day" in text_of(response)
    for member in (world.commission, world.governor_desk, world.neighbour, world.observer):
        assert signed_in(member).get(url).status_code == 404, member.username
    assert activity("route-plan").target_date == date(2024, 11, 13)


def test_agreeing_needs_meeting_targets_and_permission(world: Cast) -> None:
    desk = signed_in(world.governor_desk)
    assert "<details open><summary>Another meeting" in text_of(desk.get("/16.02/targets"))
    response = desk.post("/16.02/targets", {"meeting_name": "", "meeting_date": "2024-10-14"})
    assert response.status_code == 422
    sent = {
        "meeting_name": "Rakor",
        "meeting_date": "2024-10-30",
        "activity_ids": [seen_now("ship-t")],
    }
    response = desk.post("/16.02/targets", sent)
    assert response.status_code == 422
    assert "has not taken place yet" in text_of(response)
    foreign = {
        **sent,
        "meeting_date": "2024-10-14",
        "activity_ids": [seen_now("ship-t", PlaceCode("16.07"))],
    }
    assert desk.post("/16.02/targets", foreign).status_code == 422
    assert signed_in(world.regent_desk).get("/16.02/targets").status_code == 404


def test_a_meeting_is_chosen_where_targets_are_agreed(
    world: Cast, django_assert_max_num_queries: Any
) -> None:
    held = plan_meeting(world, theme="Rakor kesiapan", starts_at=AT - timedelta(days=3))
    plan_meeting(world, theme="Rakor besok", starts_at=AT + timedelta(days=1), at=AT)
    desk = signed_in(world.governor_desk)
    assert "<details><summary>Another meeting" in text_of(desk.get("/16.02/targets"))
    with django_assert_max_num_queries(16):
        text = text_of(desk.get("/16.02/targets"))
    assert "25 Oct 2024 · Rakor kesiapan (" in text
    assert "Rakor besok" not in text
    sent = {"meeting_id": held, "activity_ids": [seen_now("ship-t")]}
    both = text_of(desk.post("/16.02/targets", {**sent, "meeting_name": "Rakor lain"}))
    assert "not both" in html.unescape(both)
    half = desk.post("/16.02/targets", {**sent, "meeting_id": "", "meeting_name": "Rakor lain"})
    assert "Enter the date of the meeting." in text_of(half)
    neither = desk.post("/16.02/targets", {**sent, "meeting_id": ""})
    assert neither.status_code == 422
    assert "Choose the meeting, or enter name and date of another one." in text_of(neither)
    assert desk.post("/16.02/targets", {**sent, "meeting_id": 999999}).status_code == 422
    assert desk.post("/16.02/targets", sent).status_code == 302
    link = f'<a href="/coordination/meetings/{held}">Rakor kesiapan</a>'
    assert text_of(desk.get("/16.02/readiness/ship-t")).count(link) == 2
    seen = text_of(signed_in(world.observer).get("/16.02/readiness/ship-t"))
    assert "Rakor kesiapan, 25 Oct 2024" in seen
    assert link not in seen
    assert "Targets agreed: 1" in text_of(desk.get(f"/coordination/meetings/{held}"))


def test_a_proposal_changes_the_date_until_it_is_agreed(world: Cast) -> None:
    url = "/16.02/readiness/kit-small/propose"
    client = signed_in(world.commission)
    sent = {"target_date": "2024-11-05", "reason": ""}
    assert client.post(url, {**sent, **version("kit-small")}).status_code == 302
    assert activity("kit-small").target_date == date(2024, 11, 5)
    assert client.post(url, {**sent, **version("kit-small")}).status_code == 422


def test_the_owner_drops_and_takes_up_again(world: Cast) -> None:
    client = signed_in(world.commission)
    url = "/16.02/readiness/outreach"
    response = client.post(f"{url}/drop", {"reason": "Tidak ada anggaran"}, follow=True)
    text = text_of(response)
    assert "The activity was dropped" in text
    assert "Tidak ada anggaran" in text
    assert "Take up again" in text
    assert "Dropped by the owner" in text_of(client.get("/16.02/readiness?q=voter+education"))
    response = client.post(f"{url}/reinstate", {"reason": "Anggaran turun"}, follow=True)
    assert "The activity is open again" in text_of(response)
    assert client.post("/16.02/readiness/ship-t/drop", {"reason": "x"}).status_code == 422
    assert signed_in(world.governor_desk).post(f"{url}/drop", {"reason": "x"}).status_code == 404


def test_a_desk_head_moves_the_agencies_target(world: Cast) -> None:
    head = seat("regent_desk_head", "Ahmad Fauzi", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    client = signed_in(head)
    assert client.get("/16.02/readiness/route-plan/propose").status_code == 200
    assert client.get("/16.02/readiness/kit-small/propose").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/16.02/report",
        "/16.02/readiness",
        "/16.02/readiness/kit-small",
        "/16.02/election",
        "/16.02/figures",
        "/16.02/directory",
    ],
)
def test_the_path_links_only_to_places_that_the_reader_may_open(world: Cast, path: str) -> None:
    seen = text_of(signed_in(world.commission).get(path))
    assert "<li>South Sumatra</li>" in seen or "<li>Sumatera Selatan</li>" in seen
    assert 'href="/16/"' not in seen.split("</nav>")[0].split('class="crumb"')[-1]
    above = text_of(signed_in(world.governor_desk).get(path))
    assert '<a href="/16/">Sumatera Selatan</a>' in above


def test_every_link_of_a_districts_pages_opens_for_its_committee(world: Cast) -> None:
    report(
        answer("site-pick", 1, district=AIR_SUGIHAN, note="by the river"),
        actor=world.district_committee.viewer,
        place=AIR_SUGIHAN,
    )
    committee = signed_in(world.district_committee)
    later = AT + timedelta(days=20)  # late by now, so that alerts stand there too
    clock.set_clock(domain_at=later, scene="test")
    opened: set[str] = set()
    for path in ("/16.02.14/", "/16.02.14/readiness", "/16.02.14/readiness/site-pick"):
        text = text_of(committee.get(path)).split("<main")[1]
        links = {
            html.unescape(href).split("#")[0] for href in re.findall(r'href="(/16[^"]*)"', text)
        }
        assert links
        for link in links - opened:
            assert committee.get(link, follow=True).status_code == 200, (path, link)
        opened |= links
    assert "/16.02.14/readiness/site-pick" in opened
    seen = text_of(committee.get("/16.02.14/readiness/site-pick"))
    assert "by the river" in seen
    assert "Sumarni" in seen
    assert committee.get("/16.02/readiness/site-pick").status_code == 404
    assert committee.get("/16.02.14/readiness/route-plan").status_code == 404


def test_what_is_past_its_target_does_not_follow_the_rest(officer: Client) -> None:
    clock.set_clock(domain_at=AT + timedelta(days=11), scene="test")  # 8 November
    text = text_of(officer.get(PAGE))
    assert "data-row data-alone" in text
    past, ahead = activity("kpps-form"), activity("ship-d")
    before = ProgressReport.objects.filter(activity=past).count()
    data = {"client_key": str(uuid4()), "rest": "same", "shown": f"{past.pk} {ahead.pk}"}
    officer.post(PAGE, data)
    assert ProgressReport.objects.filter(activity=past).count() == before
    assert ProgressReport.objects.filter(activity=ahead).latest("id").kind == "NO_CHANGE"


def test_who_reports_nothing_here_is_told_what_is_owed_and_not_thanked(world: Cast) -> None:
    clock.set_clock(domain_at=AT + timedelta(days=12), scene="test")
    desk = signed_in(world.governor_desk)
    text = text_of(desk.get(PAGE))
    assert "You do not report on activities here." in text
    owed = re.search(r"Still owed: (\d+) of (\d+) reports", text)
    assert owed
    assert "Thank you" not in text
    assert 'name="rows"' not in text
    seen = text_of(desk.get("/16.02/readiness"))
    assert 'class="btn" href="/16.02/report"' not in seen
    assert "/16.02/readiness?report=True" in text
    own = text_of(signed_in(world.commission).get("/16.02/readiness"))
    assert 'class="btn" href="/16.02/report"' in own


def test_what_was_sent_is_said_in_figures(officer: Client) -> None:
    before = activity("kpps-form").done_quantity or 0
    text = text_of(officer.post(PAGE, page(kpps_form=str(before + 3)), follow=True))
    assert f"Station crews formed: {before + 3} of" in text
    assert "(up 3)" in text


def test_the_newest_note_stands_on_top_and_a_meetings_agreement_names_the_date(
    officer: Client, world: Cast
) -> None:
    officer.post(PAGE, page(kit_small="4", kit_small__note="two boxes are wet"))
    actions.agree_targets(
        activity_ids=[activity("kit-small").pk, activity("box-build").pk],
        meeting_name="Rakor",
        meeting_date=date(2024, 10, 14),
        actor=SYSTEM,
        at=AT,
    )
    text = text_of(officer.get("/16.02/readiness/kit-small"))
    assert re.search(r"KPU[^<]*s note, 28 Oct:</b> two boxes are wet", text), text
    assert "Target agreed: H-" in text
    assert "targets agreed" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Target proposed: Boxes at the stations"),
        ("id", "Target diusulkan: Kotak suara tiba di TPS"),
    ],
)
def test_history_names_activities_in_the_readers_language(
    world: Cast, language: str, said: str
) -> None:
    actions.propose_target(
        activity_id=activity("ship-t").pk, target_date=date(2024, 11, 25), actor=SYSTEM, at=AT
    )
    [entry] = [e for e in history(f"activity:{activity('ship-t').pk}") if "Proposed" in e.name]
    with translation.override(language):
        assert said in event_sentence(entry)
        renamed = replace(entry, facts={**entry.facts, "activity": "gone", "name": "Lama"})
        assert "Lama" in event_sentence(renamed)


# --- to take away


def test_a_calendar_has_stable_whole_days_in_the_readers_language(world: Cast) -> None:
    client = signed_in(world.regent_desk, "id")
    answer = client.get("/16.02/readiness/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(text) <= 75 for text in answer.content.split(b"\r\n"))
    events = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
    by_uid = {str(event["UID"]): event for event in events}
    assert len(by_uid) == len(events) > 20
    target = by_uid["target-16.02-ship-t@testserver"]
    assert target["SUMMARY"] == "Target: Kotak suara tiba di TPS"
    assert target["DTSTART"].dt == activity("ship-t").target_date
    assert target["DTEND"].dt - target["DTSTART"].dt == timedelta(1)
    assert target["URL"] == "http://testserver/16.02/readiness/ship-t"
    assert by_uid["vote-16.02@testserver"]["DTSTART"].dt == date(2024, 11, 27)
    assert any(uid.startswith("deadline-") for uid in by_uid)
    again = icalendar.Calendar.from_ical(client.get("/16.02/readiness/calendar.ics").content)
    assert {str(event["UID"]) for event in again.walk("VEVENT")} == set(by_uid)


def test_a_calendar_holds_the_meetings_ahead(world: Cast) -> None:
    meeting = plan_meeting(world, starts_at=AT + timedelta(days=2))
    answer = signed_in(world.governor_desk).get("/16/readiness/calendar.ics")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    (found,) = (one for one in events if one["UID"] == f"meeting-{meeting}@testserver")
    assert found["DTSTART"].dt == AT + timedelta(days=2)


def test_the_whole_plan_is_a_workbook_that_is_read_again(world: Cast) -> None:
    answer = signed_in(world.regent_desk, "id").get("/16.02/readiness/plan.xlsx")
    found = read_plan(answer.content)
    assert found.catalogue == catalogue()
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["Kegiatan", "Istilah", "Keadaan", "Petunjuk"]
    rows = book.get_sheet_by_name("Keadaan").to_python()
    assert len(rows) == 3 + Activity.objects.filter(place=OKI).count()


def test_what_is_taken_away_is_for_who_may_see_the_page(world: Cast) -> None:
    client = signed_in(world.regent_desk)
    page = client.get("/16.02/readiness").content.decode()
    for name in ("calendar.ics", "plan.xlsx"):
        assert f"/16.02/readiness/{name}" in page
        assert client.get(f"/16.07/readiness/{name}").status_code == 404
        assert Client().get(f"/16.02/readiness/{name}").status_code == 302
        assert signed_in(world.governor_desk).get(f"/16/readiness/{name}").status_code == 200
