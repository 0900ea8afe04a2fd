"""How many of a thing one place needs, as a formula of its counts: exact, here and in the database.

A formula holds whole and decimal numbers, names, `+ - * /`, brackets and `ceil(…)`, and nothing
else: `v + ceil(0.025*v)`. Decimals are exact, so that 2.5 % of 400 voters are 10 and not a trace
more, of which the law would make 11.
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


@dataclass(frozen=True, slots=False)
class Formula:
    """A formula as it was written. ValueError where it is none."""

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise ValueError(f"a formula has at most {LONGEST} characters")
        _check(self._tree)

    @cached_property
    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"{self.text!r} is no formula like v + ceil(0.025*v)") from error

    @cached_property
    def names(self) -> frozenset[str]:
        """The counts that it asks for."""
        called = {node.func for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        found = (node for node in ast.walk(self._tree) if isinstance(node, ast.Name))
        return frozenset(node.id for node in found if node not in called)

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


@lru_cache(maxsize=65_536)
def _amount(formula: Formula, counts: tuple[int, ...]) -> int:
    """Return the amount; thousands of stations ask for the same few hundred."""
    exact = {name: Fraction(count) for name, count in zip(formula._asked, counts, strict=True)}
    found: Fraction = formula.built(exact, number=Fraction, ceil=lambda x: Fraction(math.ceil(x)))
    return math.ceil(found)


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
