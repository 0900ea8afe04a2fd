"""Loading the list, adding stations, giving new codes: done, refused, repeated, at once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places import actions, queries
from serentak.places.importers import read_regions, shipped_list
from serentak.places.models import ExternalCode, Place
from serentak.places.permissions import ADD_PLACE, LOAD_REGIONS, RECODE_PLACE
from serentak.places.rules import Kind
from serentak.platform.models import AuditEvent, EvidenceFile

from .builders import AT, SOUTH_SUMATRA, regions, small_tree, station, viewer

pytestmark = pytest.mark.django_db


def snapshot() -> list[tuple[object, ...]]:
    return list(Place.objects.order_by("code").values_list())


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"places.{name}").order_by("id"))


# --- load_regions


def test_a_list_becomes_the_tree_with_one_event() -> None:
    loaded = actions.load_regions(regions=regions(), actor=SYSTEM, at=AT)

    assert (loaded.listed, loaded.added, loaded.changed, loaded.absent) == (16, 17, 0, 0)
    palembang = Place.objects.get(code="16.71")
    assert (palembang.parent_id, palembang.level, palembang.kind, palembang.name) == (
        "16", 5, Kind.CITY, "Palembang",
    )  # fmt: skip
    assert palembang.short_name == "Palem\u00adbang"
    assert (palembang.tile_x, palembang.tile_y) == (5, 2)
    assert Place.objects.get(code="").name == "Indonesia"
    (event,) = events("RegionsLoaded")
    assert event.facts == {"listed": 16, "added": 17, "changed": 0, "digest": loaded.digest}


def test_a_second_load_changes_nothing_and_leaves_no_event() -> None:
    small_tree()
    before = snapshot()
    again = actions.load_regions(regions=regions(), actor=SYSTEM, at=AT)
    assert (again.added, again.changed) == (0, 0)
    assert snapshot() == before
    assert len(events("RegionsLoaded")) == 1


def test_a_later_list_corrects_names_and_keeps_what_it_does_not_name() -> None:
    small_tree()
    text = SOUTH_SUMATRA.replace("Sungsang I", "Sungsang Satu").replace(
        "16.02.14.2002,Kerta Mukti\n", ""
    )
    loaded = actions.load_regions(regions=regions(text), actor=SYSTEM, at=AT)
    assert (loaded.added, loaded.changed, loaded.absent) == (0, 1, 1)
    assert Place.objects.get(code="16.07.02.2001").name == "Sungsang Satu"
    assert Place.objects.filter(code="16.02.14.2002").exists()


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    actions.load_regions(
        regions=regions(), actor=SYSTEM, at=AT, progress=lambda done, of: told.append((done, of))
    )
    assert told[-1] == (17, 17)


def test_loading_needs_the_permission_for_the_whole_country() -> None:
    somebody = viewer([LOAD_REGIONS], "16")
    with pytest.raises(OutOfScope):
        actions.load_regions(regions=regions(), actor=somebody, at=AT)
    assert snapshot() == []


def test_the_shipped_list_loads_in_full() -> None:
    loaded = actions.load_regions(actor=SYSTEM, at=AT)
    assert (loaded.added, loaded.changed, loaded.absent) == (91593, 0, 0)
    assert Place.objects.filter(code__startswith="16.", tile_x=None, level__lte=8).count() == 0
    again = actions.load_regions(regions=read_regions(shipped_list()).regions, actor=SYSTEM, at=AT)
    assert (again.added, again.changed, again.digest) == (0, 0, loaded.digest)


# --- what the database itself holds


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"code": "16.9", "parent_id": "16"}, "place_code_is_a_path"),
        ({"code": "16.09", "parent_id": "17"}, "place_parent_is_the_code_one_level_up"),
        ({"code": "16.09", "parent_id": None}, "place_parent_is_the_code_one_level_up"),
        ({"code": "16.09", "kind": "DISTRICT"}, "place_kind_matches_its_level"),
        (
            {"code": "16.07.01.2009", "parent_id": "16.07.01", "kind": "URBAN_VILLAGE"},
            "village_kind_matches_its_code",
        ),
        ({"code": "16.09", "name": ""}, "place_name_is_not_empty"),
        ({"code": "16.09", "tile_x": 1}, "place_tile_is_whole_or_absent"),
        ({"code": "16.09", "tile_x": 0, "tile_y": 1}, "place_tile_is_whole_or_absent"),
    ],
)
def test_the_database_holds_the_tree(row: dict[str, object], constraint: str) -> None:
    small_tree()
    right = {"parent_id": "16", "kind": "REGENCY", "name": "X", "sort_name": "x"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Place.objects.create(**{**right, **row})


# --- add_places


def test_stations_are_added_in_bulk_with_one_event() -> None:
    small_tree()
    new = [station("16.07.01.1001.002"), station("16.07.01.1001.001")]
    new.append(actions.NewPlace(PlaceCode("16.07.02.2001.901"), Kind.SPECIAL_STATION, "901"))
    assert actions.add_places(places=new, actor=viewer([ADD_PLACE], "16.07"), at=AT) == 3

    assert (
        queries.counts_by_child(PlaceCode("16.07"))[PlaceCode("16.07")].by_kind[Kind.STATION] == 2
    )
    assert (
        queries.counts_by_child(PlaceCode("16.07"))[PlaceCode("16.07")].by_kind[
            Kind.SPECIAL_STATION
        ]
        == 1
    )
    (event,) = events("PlacesAdded")
    assert (event.place, event.facts["count"]) == ("16.07", 3)


def test_a_parent_may_come_with_its_children() -> None:
    small_tree()
    village = actions.NewPlace(PlaceCode("16.07.01.2009"), Kind.VILLAGE, "Baru")
    new = [station("16.07.01.2009.001"), village]
    assert actions.add_places(places=new, actor=SYSTEM, at=AT) == 2


@pytest.mark.parametrize(
    ("new", "code", "field"),
    [
        ([], "list_is_empty", "places"),
        ([station("16.07.01.1001.01")], "code_has_wrong_width", "code"),
        ([station("16.07.01.1001.001")] * 2, "code_is_given_twice", "code"),
        ([station("16.07.01.1001")], "kind_is_unknown", "kind"),
        ([station("16.07.01.1001.001", " ")], "name_is_empty", "name"),
        ([station("16.07.01.1009.001")], "parent_is_missing", "code"),
        (
            [station("16.07.01.1001.001"), actions.NewPlace(PlaceCode("16.07"), Kind.CITY, "X")],
            "place_exists",
            "code",
        ),
        ([actions.NewPlace(COUNTRY, Kind.COUNTRY, "X")], "kind_is_unknown", "kind"),
    ],
)
def test_what_cannot_be_added_is_named_and_nothing_is_written(
    new: list[actions.NewPlace], code: str, field: str
) -> None:
    small_tree()
    before = snapshot()
    with pytest.raises(Refused) as refused:
        actions.add_places(places=new, actor=SYSTEM, at=AT)
    assert (refused.value.code, refused.value.field) == (f"places.{code}", field)
    assert snapshot() == before
    assert events("PlacesAdded") == []


def test_stations_of_another_regency_cannot_be_added() -> None:
    small_tree()
    new = [station("16.07.01.1001.001"), station("16.71.02.1001.001")]
    with pytest.raises(OutOfScope):
        actions.add_places(places=new, actor=viewer([ADD_PLACE], "16.07"), at=AT)


def test_adding_twice_is_refused_the_second_time() -> None:
    small_tree()
    actions.add_places(places=[station("16.07.01.1001.001")], actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="place_exists"):
        actions.add_places(places=[station("16.07.01.1001.001")], actor=SYSTEM, at=AT)


# --- recode_place


def recode(old: str, new: str, actor=SYSTEM) -> int:
    return actions.recode_place(old=PlaceCode(old), new=PlaceCode(new), actor=actor, at=AT)


def test_a_place_moves_with_everything_under_it() -> None:
    small_tree()
    actions.add_places(places=[station("16.07.02.2001.001")], actor=SYSTEM, at=AT)
    actions.set_external_code(
        place=PlaceCode("16.07.02"), body="BPS", code="1607010", actor=SYSTEM, at=AT
    )
    evidence = EvidenceFile.objects.create(
        file="x", name="x", content_type="image/png", size=1, sha256="0", uploaded_at=AT,
        place="16.07.02.2001.001",
    )  # fmt: skip
    before = AuditEvent.objects.filter(place__startswith="16.07").count()

    rows = recode("16.07.02", "16.07.22")

    assert rows == 5
    assert not Place.objects.filter(code__startswith="16.07.02").exists()
    moved = Place.objects.get(code="16.07.22.2001.001")
    assert moved.parent_id == "16.07.22.2001"
    assert Place.objects.get(code="16.07.22").parent_id == "16.07"
    evidence.refresh_from_db()
    assert evidence.place == "16.07.22.2001.001"
    assert ExternalCode.objects.get(body="BPS").place_id == "16.07.22"
    assert queries.place_of_external_code("FORMER", "16.07.02") == "16.07.22"
    (event,) = events("PlaceRecoded")
    assert event.subjects == ["place:16.07.02", "place:16.07.22"]
    assert event.facts["rows"] == {
        "places_place": 3, "places_external_code": 1, "platform_evidence_file": 1,
    }  # fmt: skip
    # The audit keeps the code of its time; the one event more is that of the re-coding.
    assert AuditEvent.objects.filter(place__startswith="16.07").count() == before + 1


def test_every_foreign_key_to_a_place_in_the_house_is_walked() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text, attname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND confrelid = 'places_place'::regclass
            """
        )
        held = {tuple(row) for row in cursor.fetchall()} - {("places_place", "parent_id")}
    assert held <= set(queries.place_columns())
    assert ("platform_evidence_file", "place") in queries.place_columns()
    assert ("platform_audit_event", "place") not in queries.place_columns()


def test_a_district_can_move_to_another_regency_and_back() -> None:
    small_tree()
    before = snapshot()
    recode("16.07.02", "16.02.99")
    assert Place.objects.get(code="16.02.99").parent_id == "16.02"
    recode("16.02.99", "16.07.02")
    assert snapshot() == before
    assert queries.place_of_external_code("FORMER", "16.02.99") == "16.07.02"
    assert queries.place_of_external_code("FORMER", "16.07.02") is None


def test_a_desa_becomes_a_kelurahan_by_its_new_code() -> None:
    small_tree()
    recode("16.07.02.2001", "16.07.02.1001")
    assert Place.objects.get(code="16.07.02.1001").kind == Kind.URBAN_VILLAGE


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("16.07.02", "16.02.14", "place_exists", "new"),
        ("16.07.02", "16.07.02", "place_exists", "new"),
        ("16.07.02", "16.75", "level_differs", "new"),
        ("", "", "level_differs", "new"),
        ("16.07.02", "16.75.02", "parent_is_missing", "new"),
        ("16.07.55", "16.07.56", "place_is_missing", "old"),
        ("16.07.02.2001", "16.07.02.7001", "kind_is_unknown", "new"),
    ],
)
def test_a_recoding_that_cannot_be_is_refused_and_nothing_moves(
    old: str, new: str, code: str, field: str
) -> None:
    small_tree()
    before = snapshot()
    with pytest.raises(Refused) as refused:
        recode(old, new)
    assert (refused.value.code, refused.value.field) == (f"places.{code}", field)
    assert snapshot() == before
    assert events("PlaceRecoded") == []


def test_recoding_needs_the_permission_at_both_ends() -> None:
    small_tree()
    with pytest.raises(OutOfScope):
        recode("16.07.02", "16.02.99", viewer([RECODE_PLACE], "16.07"))
    recode("16.07.02", "16.02.99", viewer([RECODE_PLACE], "16"))


@pytest.mark.django_db(transaction=True)
def test_of_two_recodings_to_one_code_at_once_one_is_refused() -> None:
    small_tree()
    answers: list[str] = []
    start = threading.Barrier(2)

    def run(old: str) -> None:
        start.wait()
        try:
            recode(old, "16.07.99")
            answers.append("done")
        except Refused as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(old,)) for old in ("16.07.01", "16.07.02")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("done") == 1
    assert set(answers) - {"done"} <= {"places.place_exists", "constraint.places_place_pkey"}
    assert (
        queries.counts_by_child(PlaceCode("16.07"))[PlaceCode("16.07")].by_kind[Kind.DISTRICT] == 2
    )


# --- set_external_code


def test_another_bodys_code_names_one_place() -> None:
    small_tree()
    set_code = {"body": "BPS", "code": "1607", "actor": SYSTEM, "at": AT}
    actions.set_external_code(place=PlaceCode("16.07"), **set_code)
    actions.set_external_code(place=PlaceCode("16.07"), **set_code)
    assert queries.place_of_external_code("BPS", "1607") == "16.07"
    with pytest.raises(Refused, match="external_code_is_taken"):
        actions.set_external_code(place=PlaceCode("16.02"), **set_code)
    with pytest.raises(Refused, match="place_is_missing"):
        actions.set_external_code(place=PlaceCode("16.55"), **set_code)
    with pytest.raises(Refused, match="external_code_is_empty"):
        actions.set_external_code(place=PlaceCode("16.07"), **{**set_code, "code": " "})
