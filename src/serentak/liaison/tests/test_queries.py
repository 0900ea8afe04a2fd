"""Fixed numbers of queries, and what higher floors are told."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.liaison import public, queries
from tests.cast import AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast

from .builders import ask, assess, contact, id_of

LATE = AT + timedelta(hours=5)


def test_requests_past_their_clock_press_by_regency(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    ask(cast.regent_desk.viewer)
    ask(viewer, place=BANYUASIN, owner_id=id_of("BPBD", PROVINCE))
    assert public.alerts(parent=PROVINCE, viewer=viewer, at=AT) == ()
    first, second = public.alerts(parent=PROVINCE, viewer=viewer, at=LATE)
    assert (first.place, second.place) == (OKI, BANYUASIN)
    assert first.params == {"requests": "1", "hour": "28 Okt 2024, 13.00 WIB"}
    assert public.alerts(parent=PROVINCE, viewer=cast.observer.viewer, at=LATE) == ()
    assert public.standing(PROVINCE, LATE)[OKI] == public.Standing(late_requests=1)
    assert public.standing(PROVINCE, AT) == {}


def test_queries_do_not_grow(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    counts = []
    for place in (OKI, BANYUASIN, PALEMBANG):
        police, commission = id_of("POLICE", place), id_of("KPU", place)
        assess(viewer, place=place, members=[police, commission])
        ask(viewer, place=place, owner_id=id_of("POLICE", place))
        if place == OKI:
            contact(cast.regent_desk.viewer)
        with CaptureQueriesContext(connection) as seen:
            public.standing(PROVINCE, AT)
            public.alerts(parent=PROVINCE, viewer=viewer, at=LATE)
            queries.lines_at(place, viewer, AT)
            list(queries.requests_under(PROVINCE))
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


def test_whom_to_call_stands_in_order(cast: Cast) -> None:
    contact(cast.regent_desk.viewer, rank=2, office="Kedua", phone="0711-2222")
    contact(cast.regent_desk.viewer, rank=1, office="Pertama", phone="0711-1111")
    lines = queries.lines_at(OKI, cast.regent_desk.viewer, AT)
    kinds = [line.institution.kind for line in lines]
    assert kinds.index("FORKOPIMDA") < kinds.index("POLICE") < kinds.index("KPU")
    desk = next(line for line in lines if line.institution.kind == "REGENT_DESK")
    assert [card.office for card in desk.contacts] == ["Pertama", "Kedua"]
    assert desk.may_keep
