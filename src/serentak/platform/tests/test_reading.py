"""Reading a page at once: one question, one answer, kept until what it rests on changes."""

import re
import threading
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.template import Context, Engine
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import override

from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.viewer import SYSTEM, Grant, Permission, Viewer
from serentak.platform import clock, reading
from serentak.platform.audit import Event, record
from serentak.platform.reading import each_kept, kept, note

PROVINCE, REGENCY, OTHER = PlaceCode("16"), PlaceCode("16.02"), PlaceCode("17")

asked: list[object] = []


@kept
def doubled(number: int, *, plus: int = 0) -> int:
    asked.append(number)
    return number * 2 + plus


@kept
def told(*, place: PlaceCode, viewer: Viewer, at: datetime) -> str:
    asked.append(place)
    return f"{place} at {at:%H:%M:%S}"


@each_kept
def names(keys: Collection[int]) -> Mapping[int, str]:
    asked.append(frozenset(keys))
    return {key: str(key) for key in keys if key > 0}


def deed(place: PlaceCode = PROVINCE, *, of: str = "platform", at: datetime | None = None) -> None:
    """Leave a deed of a slice, as an action would."""
    kind = type("PostShut", (Event,), {"__module__": f"serentak.{of}.events"})
    record(kind(subjects=("post:1",), place=place), actor=SYSTEM, at=at or clock.now())


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    asked.clear()
    reading.forget()
    yield
    reading.forget()


# --- one page


@pytest.mark.django_db
def test_the_same_question_is_asked_once_inside_and_again_outside() -> None:
    with reading.reading():
        assert [doubled(2), doubled(2), doubled(2, plus=1), doubled(2, plus=0)] == [4, 4, 5, 4]
        with reading.reading():
            assert doubled(2) == 4
    assert asked == [2, 2]
    assert [doubled(2), doubled(2)] == [4, 4]
    assert asked == [2, 2, 2, 2]


@pytest.mark.django_db
def test_of_several_keys_only_the_unknown_are_asked_for() -> None:
    with reading.reading():
        note(names, {7: "seven"})
        assert names([1, 2]) == {1: "1", 2: "2"}
        assert names([2, 3, 7, -1]) == {2: "2", 3: "3", 7: "seven"}
        assert names([-1]) == {}
    assert asked == [frozenset({1, 2}), frozenset({3, -1})]
    note(names, {7: "seven"})
    assert names([7]) == {7: "7"}


# --- the pages after it


def ask(place: PlaceCode = REGENCY, viewer: Viewer = SYSTEM) -> str:
    """Read a page that asks one question."""
    with reading.reading():
        return told(place=place, viewer=viewer, at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_what_nothing_changed_is_not_asked_again() -> None:
    first = ask()
    with reading.reading():
        assert names([1]) == names([1])
    assert ask() == first
    with reading.reading():
        names([1, 2])
    assert asked == [REGENCY, frozenset({1}), frozenset({2})]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("place", "again"),
    [(PROVINCE, True), (PlaceCode("16.03.01"), True), (COUNTRY, True), (OTHER, False)],
)
def test_a_deed_in_the_province_or_above_asks_again(place: PlaceCode, again: bool) -> None:
    ask()
    deed(place)
    ask()
    assert len(asked) == 1 + again
    with reading.reading():
        told(place=COUNTRY, viewer=SYSTEM, at=clock.now())
    deed(OTHER)
    with reading.reading():
        told(place=COUNTRY, viewer=SYSTEM, at=clock.now())
    assert asked[-2:] == [COUNTRY, COUNTRY]


@pytest.mark.django_db(transaction=True)
def test_a_deed_of_a_slice_above_asks_nothing_again() -> None:
    ask()
    deed(of="readiness")
    ask()
    assert asked == [REGENCY]


@pytest.mark.django_db(transaction=True)
def test_what_shows_nothing_asks_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    monkeypatch.setattr("serentak.platform.changes.shows", lambda name: name != "platform.PostShut")
    deed()
    ask()
    assert asked == [REGENCY]


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_told_to_nobody() -> None:
    with transaction.atomic():
        deed()
        ask()
        ask()
    assert len(asked) == 2
    ask()
    assert len(asked) == 3


@pytest.mark.django_db(transaction=True)
def test_what_a_page_sees_while_it_leaves_an_event_is_kept_for_nobody() -> None:
    with reading.reading():
        with transaction.atomic():
            deed()
            told(place=REGENCY, viewer=SYSTEM, at=clock.now())
            names([1])
            transaction.set_rollback(True)
        told(place=REGENCY, viewer=SYSTEM, at=clock.now())
        names([1])
    assert asked == [REGENCY, frozenset({1})] * 2


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_committed_after_a_younger_one_is_seen() -> None:
    begun, done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            deed()
            begun.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    ask()
    thread.start()
    begun.wait(10)
    deed()
    ask()
    ask()
    assert len(asked) == 2
    done.set()
    thread.join()
    ask()
    ask()
    assert len(asked) == 3


@pytest.mark.django_db(transaction=True)
def test_each_minute_is_read_anew_and_a_deed_is_not_before_its_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = datetime(2024, 10, 28, 3, 0, 20, tzinfo=UTC)

    def at(seconds: int) -> str:
        monkeypatch.setattr(timezone, "now", lambda: begin + timedelta(seconds=seconds))
        return ask().rpartition(" ")[2]

    # The first page knows of no deed before it, and so shows the very moment.
    assert [at(0), at(5), at(39)] == ["03:00:20"] * 3
    assert [at(41), at(70)] == ["03:01:00"] * 2
    deed(at=begin + timedelta(seconds=72))
    assert [at(75), at(90), at(100)] == ["03:01:32", "03:01:32", "03:02:00"]
    # A clock that was ahead, of another node or of a scene before, does not stop time.
    deed(at=begin + timedelta(hours=1))
    assert at(110) == "03:02:10"


@pytest.mark.django_db(transaction=True)
def test_who_may_see_the_same_shares_an_answer_in_one_language() -> None:
    def desk(user_id: int | None, permission: str = "desk.view") -> Viewer:
        grant = Grant(1, "desk", frozenset({Permission(permission)}), (PROVINCE,))
        return Viewer(user_id=user_id, grants=(grant,))

    ask(viewer=desk(1))
    ask(viewer=desk(2))
    assert len(asked) == 1
    ask(viewer=desk(1, "desk.other"))
    ask(viewer=desk(None))
    ask(viewer=SYSTEM)
    assert len(asked) == 4
    with override("en"):
        ask(viewer=desk(1))
    assert len(asked) == 5


@pytest.mark.django_db(transaction=True)
def test_another_moment_than_the_pages_is_a_question_of_its_own() -> None:
    day = datetime(2024, 10, 1, tzinfo=UTC)
    for _ in range(2):
        with reading.reading():
            told(place=REGENCY, viewer=SYSTEM, at=day)
            told(place=REGENCY, viewer=SYSTEM, at=day + timedelta(days=1))
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    reading.forget()
    with reading.reading():
        for number in (1, 2, 1, 3, 1, 2):
            doubled(number)
    assert asked == [1, 2, 3, 2]


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_wait_for_one_answer() -> None:
    start = threading.Barrier(4)

    def page() -> None:
        start.wait()
        ask()
        connection.close()

    threads = [threading.Thread(target=page) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [REGENCY]


# --- what is drawn of a page


PAGES = {
    "page.html": "{% kept %}{{ first }} {% endkept %}{% include 'part.html' %} {{ last }}",
    "part.html": "{% kept %}{{ second }}{% endkept %}{% kept %}{% csrf_token %}{% endkept %}",
}
ENGINE = Engine(
    loaders=[
        (
            "django.template.loaders.cached.Loader",
            [("django.template.loaders.locmem.Loader", PAGES)],
        )
    ],
    builtins=["serentak.platform.templatetags.serentak"],
)
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="(\w+)">')


def drawn(*words: str, viewer: Viewer = SYSTEM, path: str = "/16/", token: str = "t") -> str:
    """Draw a page with two kept parts and one that is not; a form shows its token in brackets."""
    request = RequestFactory().get(path)
    request.viewer = viewer  # type: ignore[attr-defined]  # as the middleware
    request.resolver_match = resolve(request.path)
    given = dict(zip(("first", "second", "last"), words, strict=True))
    with reading.reading():
        page = ENGINE.get_template("page.html").render(
            Context({"request": request, "csrf_token": token, **given})
        )
    return TOKEN.sub(r"(\1)", page)


@pytest.mark.django_db(transaction=True)
def test_parts_of_a_page_are_drawn_again_after_a_deed_only() -> None:
    assert drawn("head", "table", "foot") == "head table(t) foot"
    assert drawn("new", "new", "new") == "head table(t) new"
    deed(OTHER)
    assert drawn("new", "new", "new") == "head table(t) new"
    deed()
    assert drawn("new", "new", "new") == "new new(t) new"


@pytest.mark.django_db(transaction=True)
def test_a_part_is_drawn_for_its_address_its_language_and_those_who_may_the_same() -> None:
    def desk(user_id: int | None, permission: str = "desk.view") -> Viewer:
        grant = Grant(1, "desk", frozenset({Permission(permission)}), (PROVINCE,))
        return Viewer(user_id=user_id, grants=(grant,))

    drawn("one", "one", "one", viewer=desk(1))
    assert drawn("two", "two", "two", viewer=desk(2)) == "one one(t) two"
    for other in (desk(1, "desk.other"), desk(None), SYSTEM):
        assert drawn("two", "two", "two", viewer=other) == "two two(t) two"
    assert drawn("two", "two", "two", viewer=desk(1), path="/16/?all=1") == "two two(t) two"
    with override("en"):
        assert drawn("two", "two", "two", viewer=desk(1)) == "two two(t) two"
    assert drawn("two", "two", "two", viewer=desk(1)) == "one one(t) two"


@pytest.mark.django_db(transaction=True)
def test_a_form_in_a_kept_part_bears_the_token_of_its_reader() -> None:
    assert drawn("a", "b", "c", token="mine") == "a b(mine) c"
    assert drawn("a", "b", "c", token="yours") == "a b(yours) c"
    with transaction.atomic():
        assert drawn("a", "b", "c", token="theirs") == "a b(theirs) c"


@pytest.mark.django_db(transaction=True)
def test_no_more_parts_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_DRAWN", 3)
    reading.forget()
    drawn("one", "one", "one")
    drawn("one", "one", "one", path="/17/")
    assert drawn("two", "two", "two") == "two two(t) two"
