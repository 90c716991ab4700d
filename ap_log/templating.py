"""Turns templates into pages and texts. What a page shows is decided by handlers and presenters, never here."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ap_log.domain.phones import News
from ap_log.presenters import confirmations, devices
from ap_log.presenters.navigation import navigation_for, shell_navigation
from ap_log.presenters.policy_readings import strip_for

STATIC = Path(__file__).parent / "static"
"""The built front end: styles, scripts, icons, the service worker, and `assets.json`, which lists them."""

_IN_WHEEL = Path(__file__).parent / "templates"
_IN_REPOSITORY = Path(__file__).parent.parent / "web" / "templates"


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page for the person of this request. `is_shell=True` makes one that is the same for everybody."""
    path, is_shell = request.url.path, bool(context.get("is_shell"))
    actor = None if is_shell else getattr(request.state, "actor", None)
    unread = None if is_shell else getattr(request.state, "unread_policy", None)
    unconfirmed = 0 if is_shell else getattr(request.state, "unconfirmed", 0)
    news = (None if is_shell else getattr(request.state, "phone_news", None)) or News()
    frame = {
        "actor": actor,
        "navigation": shell_navigation(path) if is_shell else navigation_for(actor, path, news.wanted),
        "policy_strip": strip_for(unread, path, request.state.now) if unread else None,
        "loss_strip": devices.strip_for(news, path, request.state.now),
        "confirmation_strip": confirmations.strip_for(unconfirmed, path),
        "is_demo": request.app.state.settings.is_demo,
    }
    return HTMLResponse(render(template, **(frame | context)), status)


def render(template: str, **context: Any) -> str:
    """Render one template to text."""
    return environment().get_template(template).render(**context)


@cache
def environment() -> Environment:
    """The templates, escaped where they are HTML (a notice's .txt is not), with `asset()` for built files.

    GOV.UK's macros read keys that may be missing, so undefined values stay lenient.
    """
    templates = _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_REPOSITORY
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(templates), govuk]),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset_address
    return made


def asset_address(name: str) -> str:
    """Where the page finds a built file: `app.css` → `/static/app-0123456789.css`."""
    return f"/static/{built_files().get(name, name)}"


@cache
def built_files() -> dict[str, str]:
    """The built files by the name pages ask for; empty before the first build."""
    try:
        listed = json.loads((STATIC / "assets.json").read_bytes())
    except FileNotFoundError:
        return {}
    return {name: asset["file"] for name, asset in listed["files"].items()}
