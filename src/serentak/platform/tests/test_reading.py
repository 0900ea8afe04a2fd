"""Reading a page at once: one question, one answer, and none of it kept for later."""

from collections.abc import Collection, Mapping

from serentak.platform.reading import asked_once, each_asked_once, note, reading

asked: list[object] = []


@asked_once
def doubled(number: int, *, plus: int = 0) -> int:
    asked.append(number)
    return number * 2 + plus


@each_asked_once
def names(keys: Collection[int]) -> Mapping[int, str]:
    asked.append(frozenset(keys))
    return {key: str(key) for key in keys if key > 0}


def test_the_same_question_is_asked_once_inside_and_again_outside() -> None:
    asked.clear()
    with reading():
        assert [doubled(2), doubled(2), doubled(2, plus=1)] == [4, 4, 5]
        with reading():
            assert doubled(2) == 4
    assert asked == [2, 2]
    assert [doubled(2), doubled(2)] == [4, 4]
    assert asked == [2, 2, 2, 2]


def test_of_several_keys_only_the_unknown_are_asked_for() -> None:
    asked.clear()
    with reading():
        note(names, {7: "seven"})
        assert names([1, 2]) == {1: "1", 2: "2"}
        assert names([2, 3, 7, -1]) == {2: "2", 3: "3", 7: "seven"}
        assert names([-1]) == {}
    assert asked == [frozenset({1, 2}), frozenset({3, -1})]
    note(names, {7: "seven"})
    assert names([7]) == {7: "7"}
