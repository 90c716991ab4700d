"""Nobody can be picked out: against a reader who knows how the figures are made, and has all the time there is.

They try every set of decisions that there could be, and keep those that give the page they see. Whatever figure they
are after, those that are left do not agree on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ap_log.domain.consistency import Tally, compare
from ap_log.domain.small_numbers import LEAST, NEWEST, in_fives

Cell = tuple[str, str, int, int, str]
"""A tally without its count."""

ONE_PERSON_ONE_KIND: tuple[Cell, ...] = tuple(("elm", "ben", 2, step, "SUB-2") for step in range(6))
TWO_PEOPLE: tuple[Cell, ...] = tuple(("elm", who, 2, step, "SUB-2") for who in ("ben", "nia") for step in (1, 2, 3))
FOUR_PEOPLE: tuple[Cell, ...] = tuple(("elm", who, 2, 2, "SUB-2") for who in ("ben", "nia", "rob", "sue"))
TWO_HOUSES: tuple[Cell, ...] = tuple((house, "ben", 2, step, "SUB-2") for house in ("elm", "oak") for step in (1, 2, 3))
TWO_KINDS: tuple[Cell, ...] = tuple(("elm", "ben", 2, step, code) for code in ("CON-1", "SUB-2") for step in (1, 2, 3))
TWO_STEPS: tuple[Cell, ...] = tuple(
    ("elm", "ben", recommended, step, "SUB-2") for recommended in (1, 2) for step in (1, 2, 3)
)
World = tuple[int, ...]


def worlds(cells: int, most: int) -> Iterator[World]:
    """Every way to spread so many decisions, or fewer, over so many cells."""
    if cells == 0:
        yield ()
        return
    for count in range(most + 1):
        for rest in worlds(cells - 1, most - count):
            yield (count, *rest)


def by_page(cells: tuple[Cell, ...], possible: Iterable[World]) -> list[list[World]]:
    """The sets of decisions that nobody can tell from each other by their page."""
    alike: defaultdict[str, list[World]] = defaultdict(list)
    for world in possible:
        tallies = [Tally(*cell, count) for cell, count in zip(cells, world, strict=True) if count]
        alike[repr(compare(tallies))].append(world)
    return list(alike.values())


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(ONE_PERSON_ONE_KIND, id="one person, one kind"),
        pytest.param(TWO_PEOPLE, id="two people"),
        pytest.param(FOUR_PEOPLE, id="four people"),
        pytest.param(TWO_HOUSES, id="two houses"),
        pytest.param(TWO_KINDS, id="two kinds"),
        pytest.param(TWO_STEPS, id="two recommended steps"),
    ],
)
def test_no_number_whatever_can_be_worked_out_from_a_page(cells: tuple[Cell, ...]) -> None:
    """Of 12 decisions at most: more would only give the reader more to doubt. Any sum of cells is a number."""
    pages = by_page(cells, worlds(len(cells), 12))
    figures = [parts for size in range(1, len(cells) + 1) for parts in combinations(range(len(cells)), size)]
    for alike in pages:
        for parts in figures:
            numbers = (sum(world[part] for part in parts) for world in alike)
            first = next(numbers)
            assert any(number != first for number in numbers), (alike, parts)


def rounded(count: int) -> int:
    return (count + 2) // 5 * 5


def test_the_reader_of_these_tests_is_one_to_fear() -> None:
    """Each figure rounded by itself is what they would see through: four people, each with 2 of 8 decisions."""
    alike: defaultdict[World, list[World]] = defaultdict(list)
    for world in worlds(4, 20):
        alike[(rounded(sum(world)), *map(rounded, world))].append(world)
    assert alike[10, 0, 0, 0, 0] == [(2, 2, 2, 2)]


COUNTS = st.dictionaries(st.tuples(st.integers(-1, 1), st.integers(0, 4)), st.integers(0, 9))


@given(COUNTS, COUNTS)
def test_two_tables_agree_on_the_parts_that_both_go_by(
    one: dict[tuple[int, int], int], other: dict[tuple[int, int], int]
) -> None:
    same = {(way, 9): max(0, _part(one, way) - _part(other, way)) for way in (-1, 0, 1)}
    other = other | same
    one = one | {(way, 9): max(0, _part(other, way) - _part(one, way)) for way in (-1, 0, 1)}
    for way in (-1, 0, 1):
        assert _part(one, way) == _part(other, way)
        assert _part(in_fives(one), way) == _part(in_fives(other), way)


def _part(counts: dict[tuple[int, int], int], way: int) -> int:
    return sum(count for key, count in counts.items() if key[0] == way)


@given(st.lists(st.integers(0, 30), max_size=8))
@example([2, 6])
def test_a_list_is_shorter_than_what_its_figure_stands_for(counts: list[int]) -> None:
    shown = in_fives({(place,): count for place, count in enumerate(counts)})
    assert all(counts[place] > NEWEST for (place,), figure in shown.items() if figure >= LEAST)
