"""Loads to the stations of a village and back: together, each with its own record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import CountedPieces, Packed, Thing
from serentak.logistics.models import Consignment, Movement
from serentak.logistics.queries.loads import lines_of
from serentak.logistics.queries.needs import needs_at
from serentak.logistics.queries.stock import on_hand
from serentak.logistics.rules.custody import ConsignmentState, seals_by_station
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import Condition
from serentak.logistics.rules.needs import What
from serentak.platform.models import User
from serentak.platform.tests.builders import PNG
from tests.cast import AT, OKI, Cast, seat

from .builders import receive, set_up_stations, take_over

VILLAGE = PlaceCode("16.02.05.1001")
STATIONS = (PlaceCode("16.02.05.1001.001"), PlaceCode("16.02.05.1001.002"))
BOXES, BOOTHS = Thing("ballot-box", Race.GOVERNOR), Thing("booth")
BOX, BOOTH = What("ballot-box", Race.GOVERNOR), What("booth", None)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _village(cast: Cast) -> None:
    set_up_stations()
    take_over()
    receive(BOXES, 20)
    receive(BOOTHS, 20)
    supply(VILLAGE, 2)


def supply(village: PlaceCode, stations: int) -> None:
    """Let a village's committee hold boxes and booths for so many stations."""
    district = PlaceCode(village[: Level.DISTRICT])
    for origin, destination in ((OKI, district), (district, village)):
        load = actions.pack(
            client_key=uuid4(), place=origin, destination=destination, due_at=AT + DAY,
            lines=[Packed(BOXES, stations), Packed(BOOTHS, 4 * stations)], actor=SYSTEM, at=AT,
        )  # fmt: skip
        leave([load])
        actions.hand_over(
            client_key=uuid4(), consignment_id=load, seals=(), record_number="", at=AT,
            counted={line.id: CountedPieces(line.shipped) for line in lines_of(load)}, actor=SYSTEM,
        )  # fmt: skip


OKI_DISTRICT = PlaceCode("16.02.05")


def pack(**more: Any) -> Sequence[int]:
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": VILLAGE, "stations": STATIONS, "seals": {},
        "due_at": AT + DAY, "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    return actions.pack_for_stations(**given)


def leave(loads: Sequence[int]) -> None:
    actions.depart_together(
        versions=dict.fromkeys(loads, 1), vehicle="Gethek", escort="Polsek, 1 anggota",
        actor=SYSTEM, at=AT,
    )  # fmt: skip


def take(loads: Sequence[int], **more: Any) -> None:
    given: dict[str, Any] = {
        "client_key": uuid4(), "loads": loads, "seals": (), "record_number": "",
        "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    actions.hand_over_together(**given)


def boxes(level: Level) -> dict[PlaceCode, int]:
    found = on_hand(VILLAGE, level)
    return {code: by[BOX].good for code, by in found.items() if BOX in by}


@contextmanager
def refused(code: str) -> Iterator[None]:
    before = (Consignment.objects.count(), Movement.objects.count())
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == f"logistics.{code}"
    assert (Consignment.objects.count(), Movement.objects.count()) == before


def test_each_station_gets_what_it_needs_of_what_lies_there() -> None:
    loads = pack(seals={STATIONS[0]: ["A1", "A2"]})
    needs = needs_at(VILLAGE, Level.STATION)
    for load_id, station in zip(loads, STATIONS, strict=True):
        load = Consignment.objects.get(pk=load_id)
        assert load.destination.place_id == station
        shipped = {line.what: line.shipped for line in lines_of(load_id)}
        assert shipped == {
            what: needs[station][what] for what in (BOX, BOOTH) if what in needs[station]
        }
    assert set(Consignment.objects.get(pk=loads[0]).seals.values_list("number", flat=True)) == {
        "A1", "A2",
    }  # fmt: skip


def test_what_is_not_enough_for_all_is_not_dealt_out() -> None:
    actions.count_stock(
        client_key=uuid4(), place=VILLAGE, reason="Satu hilang", actor=SYSTEM, at=AT,
        lines=[actions.Counted(BOXES, Condition.GOOD, 1)],
    )  # fmt: skip
    with refused("not_enough_for_all"):
        pack()
    assert len(pack(stations=STATIONS[:1])) == 1


@pytest.mark.parametrize(
    ("code", "stations"),
    [
        ("no_station_was_chosen", ()),
        ("station_lies_elsewhere", (PlaceCode("16.02.14.2001.001"),)),
        ("station_lies_elsewhere", (VILLAGE,)),
    ],
)
def test_stations_are_those_of_the_village(code: str, stations: Sequence[PlaceCode]) -> None:
    with refused(code):
        pack(stations=stations)


def test_a_second_packing_finds_nothing_left() -> None:
    key = uuid4()
    first = pack(client_key=key)
    with refused("nothing_lies_there_for"):
        pack()
    assert first


def test_loads_are_handed_over_together_where_all_seals_were_read() -> None:
    loads = pack(seals={STATIONS[0]: ["A1"], STATIONS[1]: ["B1"]})
    leave(loads)
    with refused("seals_are_others"):
        take(loads, seals=("A1",))
    with refused("seal_is_of_none"):
        take(loads, seals=("A1", "B1", "C1"))
    take(loads, seals=("B1", "A1"))
    states = Consignment.objects.filter(pk__in=loads).values_list("state", flat=True)
    assert set(states) == {ConsignmentState.HANDED_OVER.value}
    assert boxes(Level.STATION) == dict.fromkeys(STATIONS, 1)


def test_one_that_was_taken_already_keeps_all_from_being_taken() -> None:
    loads = pack()
    leave(loads)
    take(loads[:1])
    with refused("load_was_received_already"):
        take(loads)
    with refused("no_load_was_chosen"):
        take(())


def test_a_giver_signs_on_paper_once_for_all() -> None:
    """Crews have no accounts: their village committee answers for what lies at the stations."""
    giver = seat("pps", "Sekretaris PPS", "VILLAGE_COMMITTEE_OFFICER", "PPS", VILLAGE).viewer
    loads = pack(actor=giver)
    leave(loads)
    with refused("paper_needs_a_name"):
        take(loads, actor=giver)
    photo = ContentFile(PNG, "ba.png")
    take(loads, actor=giver, receiver_name="Siti, Ketua KPPS", photo=photo)
    for load in Consignment.objects.filter(pk__in=loads):
        assert (load.receiver_name, load.record_id is not None) == ("Siti, Ketua KPPS", True)


def test_boxes_come_back_on_the_night() -> None:
    loads = pack()
    leave(loads)
    take(loads)
    back = actions.pack_back(
        client_key=uuid4(), place=VILLAGE, stations=STATIONS, due_at=AT + DAY, actor=SYSTEM,
        seals={STATIONS[0]: ["R1"], STATIONS[1]: ["R2"]}, at=AT,
    )  # fmt: skip
    for load_id in back:
        assert [line.what for line in lines_of(load_id)] == [BOX]
    leave(back)
    take(back, seals=("R1", "R2"))
    assert on_hand(OKI_DISTRICT, Level.DISTRICT)[OKI_DISTRICT][BOX].good == 2
    assert boxes(Level.STATION) == {}


# --- the page of a village


@pytest.fixture
def village(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    client = Client()
    client.cookies["serentak_language"] = "en"
    seat("pps", "Sekretaris PPS", "VILLAGE_COMMITTEE_OFFICER", "PPS", VILLAGE)
    client.force_login(User.objects.get(username="pps"))
    return client


PAGE = f"/{VILLAGE}/logistics/stations"
STEP = {"due_day": (AT + DAY).date().isoformat(), "due_hour": "17:00"}


def test_a_village_committee_packs_sends_and_hands_over_for_all_stations(village: Client) -> None:
    page = village.get(PAGE).content.decode()
    assert 'action="/16.02.05.1001/logistics/stations/pack"' in page
    assert "stations/hand_over" not in page
    assert "Nothing of these lies here, and they will not be in: Ballot box, regent" in page
    packed = {
        **STEP,
        "client_key": str(uuid4()),
        "stations": STATIONS,
        "seals": "1: a1 a2\n002: b1",
    }
    assert village.post(f"{PAGE}/pack", packed).status_code == 302
    loads = list(Consignment.objects.filter(origin__place=VILLAGE).order_by("pk"))
    assert [sorted(s.number for s in load.seals.all()) for load in loads] == [["A1", "A2"], ["B1"]]
    left = {"loads": [f"{load.pk}:1" for load in loads], "vehicle": "Gethek", "escort": "Polsek"}
    assert village.post(f"{PAGE}/depart", left).status_code == 302
    taken = {
        "client_key": str(uuid4()), "loads": [load.pk for load in loads], "seals": "A1 A2",
        "receiver_name": "Ketua KPPS", "photo": SimpleUploadedFile("ba.png", PNG, "image/png"),
    }  # fmt: skip
    refused_ = village.post(f"{PAGE}/hand_over", taken)
    assert refused_.status_code == 422
    assert "Receive it by itself" in refused_.content.decode()
    taken |= {"seals": "A1 A2 B1", "photo": SimpleUploadedFile("ba.png", PNG, "image/png")}
    assert village.post(f"{PAGE}/hand_over", taken).status_code == 302
    page = village.get(PAGE).content.decode()
    assert "stations/back" in page
    assert "stations/pack" not in page.replace("stations/packing", "")


def test_a_district_committee_takes_what_comes_back(village: Client) -> None:
    loads = pack()
    leave(loads)
    take(loads)
    leave(
        actions.pack_back(
            client_key=uuid4(), place=VILLAGE, stations=STATIONS, seals={}, due_at=AT + DAY,
            actor=SYSTEM, at=AT,
        )
    )  # fmt: skip
    seat("ppk", "Ketua PPK", "DISTRICT_COMMITTEE_OFFICER", "PPK", OKI_DISTRICT)
    committee = Client()
    committee.force_login(User.objects.get(username="ppk"))
    where = f"/{OKI_DISTRICT}/logistics/stations"
    assert "stations/hand_over" in committee.get(where).content.decode()
    back = Consignment.objects.filter(destination__place=OKI_DISTRICT, state="UNDER_WAY")
    sent = {"client_key": str(uuid4()), "loads": [load.pk for load in back]}
    assert committee.post(f"{where}/hand_over", sent).status_code == 302
    assert on_hand(OKI_DISTRICT, Level.DISTRICT)[OKI_DISTRICT][BOX].good == 2


def test_seals_that_name_no_station_are_told(village: Client) -> None:
    sent = {**STEP, "client_key": str(uuid4()), "stations": STATIONS, "seals": "0417723, 0417724"}
    answer = village.post(f"{PAGE}/pack", sent)
    assert answer.status_code == 422
    assert "names no station of these" in answer.content.decode()


def test_a_packing_list_has_a_page_for_each_station(village: Client) -> None:
    answer = village.get(f"{PAGE}/packing.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert village.get(f"/{OKI}/logistics/stations/packing.pdf").status_code == 404


def test_who_keeps_nothing_there_moves_nothing(cast: Cast) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=cast.governor_desk.user_id))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main")[0]
    assert client.post(f"{PAGE}/pack", STEP).status_code == 404


@pytest.mark.parametrize(
    ("text", "found", "strange"),
    [
        ("001: A1, A2", {"001": ("A1", "A2")}, []),
        ("TPS 1: a1\nTPS 2: b1 b2", {"001": ("A1",), "002": ("B1", "B2")}, []),
        ("1:A1\n001: A2", {"001": ("A1", "A2")}, []),
        ("\n 2 : \n", {"002": ()}, []),
        ("A1, A2\n9: C1", {}, ["A1, A2", "9: C1"]),
    ],
)
def test_seals_are_told_station_by_station(
    text: str, found: dict[str, tuple[str, ...]], strange: list[str]
) -> None:
    by_number = {"001": STATIONS[0], "002": STATIONS[1]}
    wanted = {by_number[number]: seals for number, seals in found.items()}
    assert seals_by_station(text, by_number) == (wanted, strange)
