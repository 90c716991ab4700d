"""Every way of losing records that `docs/failures.md` names has a test, and the test exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "failures.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| (F\d+) \|(.*)\|$", TABLE, re.MULTILINE))
TEST = re.compile(r"`(tests/[\w./-]+\.(?:py|ts))(?:::(\w+))?`")
WHY_NOT = "not tested here: "


def test_the_table_has_all_forty_two_rows_in_order() -> None:
    assert list(ROWS) == [f"F{number}" for number in range(1, 43)]


@pytest.mark.parametrize("number", ROWS)
def test_a_row_says_what_is_done_and_names_its_test_or_why_there_is_none(number: str) -> None:
    _, done, tests = (cell.strip() for cell in ROWS[number].split(" | "))
    assert done
    assert TEST.search(tests) or WHY_NOT in tests


@pytest.mark.parametrize("number", ROWS)
def test_the_tests_that_a_row_names_are_there(number: str) -> None:
    for file, name in TEST.findall(ROWS[number]):
        text = (ROOT / file).read_text("utf-8")
        assert f"def {name}(" in text if name else re.search(rf"\b{number}\b", text), f"{file} has no test for {number}"
