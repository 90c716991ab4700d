"""The built front end: files with a hash in their name are kept for ever, the others are asked about each time.

Texts go out compressed, as the build left them: nothing of them is secret, so their lengths tell nobody anything.
"""

import os
import re
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ap_log.domain.errors import NotFound
from ap_log.templating import STATIC, built_files

FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""What the build compressed each text with, lightest first."""

_HASHED = re.compile(r".+-[0-9a-f]{10}\.[a-z]+")


class BuiltFiles(StaticFiles):
    """`/static`: the files that the build listed, and no others that may lie beside them."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC, check_dir=False)

    async def check_config(self) -> None:
        """Starlette's check fails before the first build; without one there is nothing to list and nothing to find."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in built_files().values():
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        encoding, path = _lightest(Path(full_path), Headers(scope=scope))
        response = super().file_response(path, path.stat(), scope, status_code)
        is_hashed = _HASHED.fullmatch(os.path.basename(full_path))
        response.headers["cache-control"] = FOR_EVER if is_hashed else ASK_EACH_TIME
        response.headers.update(_said_of(encoding))
        return response


async def service_worker(request: Request) -> Response:
    """At the root, because a worker reaches no higher than its own address."""
    is_off = request.app.state.settings.is_worker_off
    return _file(request, "service-worker-kill.js" if is_off else "service-worker.js")


async def manifest(request: Request) -> Response:
    return _file(request, "manifest.webmanifest", "application/manifest+json")


def _file(request: Request, name: str, media_type: str | None = None) -> Response:
    if name not in built_files():
        raise NotFound
    encoding, path = _lightest(STATIC / built_files()[name], request.headers)
    headers = {"cache-control": ASK_EACH_TIME, **_said_of(encoding)}
    return FileResponse(path, media_type=media_type or guess_type(name)[0], headers=headers)


def _lightest(path: Path, headers: Headers) -> tuple[str, Path]:
    """The form of a file that the browser takes and the build made, and its encoding: "" for the file itself."""
    accepted = {one.split(";")[0].strip() for one in headers.get("accept-encoding", "").split(",")}
    for encoding, suffix in ENCODINGS.items():
        form = path.with_name(path.name + suffix)
        if encoding in accepted and form.is_file():
            return encoding, form
    return "", path


def _said_of(encoding: str) -> dict[str, str]:
    return {"vary": "accept-encoding", **({"content-encoding": encoding} if encoding else {})}
