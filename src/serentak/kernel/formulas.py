"""What a catalogue reckons: a formula of counts, exact, and a condition that answers must meet.

A formula holds whole and decimal numbers, names, `+ - * /`, brackets and `ceil(…)`, and nothing
else: `v + ceil(0.025*v)`. Decimals are exact, so that 2.5 % of 400 voters are 10 and not a trace
more, of which the law would make 11. A condition compares formulas or words, and joins what it
compares by `and` and `or`: `a >= ceil(boxes / 24)`, `a == yes or listed == 0`.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

LONGEST = 80
"""Characters of a formula; a longer one is a mistake."""

_SIGNS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}

Known = Mapping[str, Fraction | str | None]
"""What stands for each name of a condition; None for what nobody knows."""


def _parsed(text: str, example: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ValueError(f"a formula has at most {LONGEST} characters")
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no formula like {example}") from error


def _names(tree: ast.expr) -> frozenset[str]:
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(node.id for node in found if node not in called)


@dataclass(frozen=True, slots=False)
class Formula:
    """A formula as it was written. ValueError where it is none."""

    text: str

    def __post_init__(self) -> None:
        _check(self._tree)

    @cached_property
    def _tree(self) -> ast.expr:
        return _parsed(self.text, "v + ceil(0.025*v)")

    @cached_property
    def names(self) -> frozenset[str]:
        """The counts that it asks for."""
        return _names(self._tree)

    def of(self, counts: Mapping[str, int]) -> int:
        """Return the amount for these counts; a part of a piece is a whole one."""
        return _amount(self, tuple(counts[name] for name in self._asked))

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        return tuple(sorted(self.names))

    def built(
        self,
        values: Mapping[str, Any],
        *,
        number: Callable[[str], Any],
        ceil: Callable[[Any], Any],
    ) -> Any:
        """Return the formula over anything that can be added and multiplied, such as columns.

        `number` makes of a number's text such a thing, `ceil` rounds one up.
        """
        return _built(self._tree, values, number, ceil)


@dataclass(frozen=True, slots=False)
class Condition:
    """A condition as it was written. ValueError where it is none."""

    text: str

    def __post_init__(self) -> None:
        _check_condition(self._tree)

    @cached_property
    def _tree(self) -> ast.expr:
        return _parsed(self.text, "a >= ceil(boxes / 24)")

    @cached_property
    def names(self) -> frozenset[str]:
        """What it asks for."""
        return _names(self._tree)

    def holds(self, known: Known) -> bool | None:
        """Tell whether it holds; None where that hangs on what nobody knows.

        TypeError where a word is reckoned with or put in an order.
        """
        return _found(self, tuple(known[name] for name in self._asked))

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        return tuple(sorted(self.names))


@lru_cache(maxsize=65_536)
def _amount(formula: Formula, counts: tuple[int, ...]) -> int:
    """Return the amount; thousands of stations ask for the same few hundred."""
    exact = {name: Fraction(count) for name, count in zip(formula._asked, counts, strict=True)}
    found: Fraction = formula.built(exact, number=Fraction, ceil=_ceil)
    return math.ceil(found)


@lru_cache(maxsize=65_536)
def _found(condition: Condition, known: tuple[Fraction | str | None, ...]) -> bool | None:
    """Tell whether a condition holds; thousands of places answer the same."""
    return _holds(condition._tree, dict(zip(condition._asked, known, strict=True)))


def _ceil(value: Fraction) -> Fraction:
    return Fraction(math.ceil(value))


def _check(node: ast.expr) -> None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(
            value, bool
        ) and math.isfinite(value):
            return
        case ast.Name(name) if name != "ceil":
            return
        case ast.BinOp(left, op, right) if type(op) in _SIGNS:
            _check(left)
            _check(right)
        case ast.Call(ast.Name("ceil"), [inner], []):
            _check(inner)
        case _:
            raise ValueError(
                f"{ast.unparse(node)!r} has no place in a formula: numbers, names, + - * /, ceil()"
            )


def _check_condition(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(_, parts):
            for part in parts:
                _check_condition(part)
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARED:
            _check(left)
            _check(right)
        case _:
            raise ValueError(
                f"{ast.unparse(node)!r} is no condition: == != < <= > >=, joined by and, or"
            )


def _built(
    node: ast.expr,
    values: Mapping[str, Any],
    number: Callable[[str], Any],
    ceil: Callable[[Any], Any],
) -> Any:
    match node:
        case ast.Constant(value=value):
            return number(str(value))
        case ast.Name(name):
            return values[name]
        case ast.BinOp(left, op, right):
            sides = (_built(side, values, number, ceil) for side in (left, right))
            return _SIGNS[type(op)](*sides)
        case ast.Call(_, [inner]):
            return ceil(_built(inner, values, number, ceil))
    raise AssertionError(ast.dump(node))  # `_check` let nothing else in


def _holds(node: ast.expr, known: Known) -> bool | None:
    match node:
        case ast.BoolOp(op, parts):
            found = [_holds(part, known) for part in parts]
            decides = isinstance(op, ast.Or)
            if decides in found:
                return decides
            return None if None in found else not decides
        case ast.Compare(left, [op], [right]):
            if any(known[name] is None for side in (left, right) for name in _names(side)):
                return None
            try:
                one, other = (_built(side, known, Fraction, _ceil) for side in (left, right))
            except ZeroDivisionError:
                return None
            return _COMPARED[type(op)](one, other)
    raise AssertionError(ast.dump(node))  # `_check_condition` let nothing else in
