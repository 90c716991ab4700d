"""A figure beside what it aims for: for people who wait, not compared with a baseline."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Aim:
    """`middle` and `worst` (the 95th percentile) in the unit that `what` names, milliseconds where it names none."""

    what: str
    middle: float
    worst: float
    at_most: float

    @property
    def is_met(self) -> bool:
        return self.worst <= self.at_most


def aim(what: str, took: list[float], at_most: float) -> Aim:
    """The median and the 95th percentile of what was taken. A single figure is both."""
    worst = quantiles(took, n=20)[18] if len(took) > 1 else took[0]
    return Aim(what, median(took), worst, at_most)


def sizes(what: str, found: float, at_most: float) -> Aim:
    """A figure that is the same each time."""
    return Aim(what, found, found, at_most)


def aims_table(rows: list[Aim]) -> str:
    """The rows as Markdown."""
    lines = ["| On a phone | median | 95 % | aim | met |", "| --- | ---: | ---: | ---: | --- |"]
    for row in rows:
        figures = f"{row.middle:,.0f} | {row.worst:,.0f} | {row.at_most:,.0f}"
        lines.append(f"| {row.what} | {figures} | {'yes' if row.is_met else 'no'} |")
    return "\n".join(lines)
