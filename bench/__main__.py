"""Runs every measurement in one process, prints the table, and keeps it in `bench/last.md`."""

import asyncio
import platform
import tempfile
from pathlib import Path

from bench.aims import aims_table
from bench.durability import one_entry_against_a_raw_insert
from bench.growth import one_entry_beside_other_residents
from bench.page_quality import pages_table, what_lighthouse_says
from bench.phone import one_evaluation_on_a_slow_phone
from bench.phone_app import the_app_on_a_phone
from bench.policy import one_evaluation_against_a_plain_loop
from bench.rehearsal import a_year_of_a_hundred_premises
from bench.rows import Row, table

LAST = Path(__file__).with_name("last.md")


async def _measure(folder: Path) -> list[Row]:
    rows = [*one_evaluation_against_a_plain_loop()]
    rows += await one_evaluation_on_a_slow_phone(folder)
    rows += await one_entry_against_a_raw_insert(folder)
    rows += await one_entry_beside_other_residents(folder)
    rows += await a_year_of_a_hundred_premises(folder)
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(_measure(Path(folder)))
        aims = asyncio.run(the_app_on_a_phone(Path(folder)))
        pages = asyncio.run(what_lighthouse_says(Path(folder)))
    tables = [table(rows), aims_table(aims), pages_table(pages)]
    text = "\n\n".join([f"# `make bench`, Python {platform.python_version()}", *tables]) + "\n"
    LAST.write_text(text)
    print(text)


if __name__ == "__main__":  # the processes of a rehearsal import this file too
    main()
