"""AP Log as a demo behind the fault proxy, for browsers that have no passkeys here and no Background Sync.

The proxy stands for the signal: without it every request is lost, the service worker's own too.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.browser.serving import Served, free_port, serving
from tests.fault_proxy import Fault, FaultProxy, all_well, fault_proxy


@dataclass
class Demo:
    """A running demo of two houses, and the way to it."""

    served: Served
    proxy: FaultProxy

    @property
    def origin(self) -> str:
        return self.proxy.origin

    def set_signal(self, there: bool) -> None:
        self.proxy.plan = all_well if there else lambda _: Fault.REQUEST_LOST

    def asked(self, request: str) -> int:
        """How often the proxy was asked this, such as `POST /api/sync`."""
        return self.proxy.asked.count(request)


@asynccontextmanager
async def a_demo(database_url: str) -> AsyncIterator[Demo]:
    """The demo on an empty database that is not migrated yet."""
    async with serving(database_url) as served, fault_proxy(served.origin, free_port()) as proxy:
        served.environment |= {
            "AP_LOG_DEMO": "1",
            "AP_LOG_ORIGIN": proxy.origin,
            "AP_LOG_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        }
        await served.run("migrate")
        await served.run("demo", "create")
        served.origin = proxy.origin
        await served.start("web")
        yield Demo(served, proxy)
