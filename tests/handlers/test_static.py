"""The built files go out in the lightest form that the browser takes."""

import gzip

import pytest

from ap_log.templating import STATIC, asset_address, built_files
from tests.visitors import Visit


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip;q=0.8", "gzip"), ("identity", None), ("", None)]
)
async def test_a_style_sheet_comes_as_the_browser_takes_it(visit: Visit, accepted: str, encoding: str | None) -> None:
    response = await (await visit(None)).get(asset_address("app.css"), headers={"accept-encoding": accepted})
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "accept-encoding"
    assert response.headers["content-type"].startswith("text/css")
    assert "immutable" in response.headers["cache-control"]


async def test_the_worker_is_compressed_and_still_asked_about_each_time(visit: Visit) -> None:
    response = await (await visit(None)).get("/service-worker.js", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["cache-control"] == "no-cache"
    assert response.content == (STATIC / "service-worker.js").read_bytes()


async def test_the_compressed_forms_are_not_files_of_their_own(visit: Visit) -> None:
    assert (await (await visit(None)).get(f"/static/{built_files()['app.css']}.br")).status_code == 404


def test_what_is_compressed_is_the_file_itself() -> None:
    for name in built_files().values():
        form = STATIC / f"{name}.gz"
        if form.is_file():
            assert gzip.decompress(form.read_bytes()) == (STATIC / name).read_bytes()
