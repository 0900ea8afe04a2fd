"""Which activity waits for which, across the places of a province."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter

from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of

from .activities import After, Catalogue, Definition, Where

Node = tuple[PlaceCode, str]
"""An activity at a place."""


@dataclass(frozen=True, slots=True)
class Network:
    """Activities as numbers from 0, so that a pass over all of them is a walk over lists.

    `before[i]` and `after[i]` are the direct predecessors and successors of `i`; `order` names
    every activity after its predecessors.
    """

    nodes: tuple[Node, ...]
    definitions: tuple[Definition, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    index: dict[Node, int]


def build_network(catalogue: Catalogue, nodes: Iterable[Node]) -> Network:
    """Link the activities that exist; a predecessor that exists nowhere binds nobody.

    A predecessor counts at the same place; where it is found only on the other level, at the
    province above or in all regencies below.
    """
    known = list(catalogue.activities)
    rank = {key: number for number, key in enumerate(known)}
    ordered = tuple(sorted(nodes, key=lambda node: (node[0], rank[node[1]])))
    index = {node: number for number, node in enumerate(ordered)}
    below: dict[tuple[PlaceCode | None, str], list[int]] = defaultdict(list)
    for (place, key), number in index.items():
        if level_of(place) is Level.REGENCY:
            below[parent_of(place), key].append(number)

    def predecessors(place: PlaceCode, link: After) -> list[int]:
        same = index.get((place, link.key))
        above = parent_of(place)
        over = index.get((above, link.key)) if above else None
        found = [same] if same is not None else []
        if over is not None and (same is None or link.where is Where.OWN_AND_PROVINCE):
            found.append(over)
        return found or below[place, link.key]

    links = [catalogue.activities[key].after for _, key in ordered]
    before = tuple(
        tuple(sorted({found for link in own for found in predecessors(place, link)}))
        for (place, _), own in zip(ordered, links, strict=True)
    )
    after: list[list[int]] = [[] for _ in ordered]
    for number, found in enumerate(before):
        for predecessor in found:
            after[predecessor].append(number)
    return Network(
        nodes=ordered,
        definitions=tuple(catalogue.activities[key] for _, key in ordered),
        before=before,
        after=tuple(map(tuple, after)),
        order=tuple(TopologicalSorter(dict(enumerate(before))).static_order()),
        index=index,
    )
