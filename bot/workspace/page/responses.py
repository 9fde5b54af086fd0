"""Rendered templates as responses, under the headers that every page has."""

import json
from functools import lru_cache
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.workspace.world.faults import KINDS
from bot.workspace.world.traffic import TrafficEntry

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https: http:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Escapes everything that is not markup already."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(pretty=pretty, outcome=outcome, fault_kinds=KINDS)
    return made


def render(template: str, **context: object) -> web.Response:
    body = environment().get_template(template).render(**context)
    return web.Response(text=body, content_type="text/html", headers=HEADERS)


def pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def outcome(entry: TrafficEntry) -> str:
    """How a call or delivery ended, in a word or two."""
    if entry.kind == "delivery":
        return entry.outcome or "under way"
    if isinstance(entry.answer, dict) and not entry.answer.get("ok"):
        return str(entry.answer.get("error", entry.status))
    if entry.answer is None and entry.status is None:
        return entry.outcome or "under way"
    return "ok" if entry.ok else str(entry.status)
