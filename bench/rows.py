"""One measurement beside its baseline, and the table of them."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Row:
    """`median` and `p99` in milliseconds; `baseline` is the median of what it is compared with, in the same run."""

    what: str
    median: float
    p99: float
    against: str
    baseline: float

    @property
    def ratio(self) -> float:
        return self.median / self.baseline


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 99th percentile of `times` runs, in milliseconds."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return median(took), quantiles(took, n=100)[98]


async def timed_async(work: Callable[[], Awaitable[object]], times: int) -> tuple[float, float]:
    """The same for work that waits."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        await work()
        took.append((time.perf_counter() - started) * 1000)
    return median(took), quantiles(took, n=100)[98]


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| What | median ms | p99 ms | against | its median ms | ratio |",
        "| --- | ---: | ---: | --- | ---: | ---: |",
    ]
    lines += [
        f"| {row.what} | {row.median:.3f} | {row.p99:.3f} | {row.against} | {row.baseline:.4f} | {row.ratio:.1f} |"
        for row in rows
    ]
    return "\n".join(lines)
