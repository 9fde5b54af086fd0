"""Approvals as Slack sends them, and the releases that they approve."""

import hashlib
import hmac
import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote_plus

import yaml
from sqlalchemy import insert

from messages.kit.blocks import value
from messages.releases.action_ids import APPROVE
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogRevision
from models.events import SYSTEM
from models.lifecycle.message_keys import card_key
from models.lifecycle.tables.release import Release
from models.migrations.upgrade import upgrade
from models.outbox import Outgoing
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork

SECRET = "bench-signing-secret"
CATALOG = Path(__file__).parent.parent / "tests" / "data" / "catalog.yaml"
APPROVERS = ("U0RITA", "U0OLGA")
"""Two people approve a minor release of PAY; every second approval completes one and makes its plan."""


async def seed(url: str, releases: int) -> None:
    """Fill a database with the example catalog and ``releases`` releases that wait for approval."""
    database = Database(url)
    await upgrade(database)
    work = UnitOfWork(database, SystemClock(), posts_for)
    document = Catalog.model_validate(yaml.safe_load(CATALOG.read_text())).model_dump(mode="json", by_alias=True)
    now = SystemClock().now()
    window = {"window_start": now + timedelta(days=9), "window_end": now + timedelta(days=9, hours=2)}
    async with work(SYSTEM) as tx:
        tx.session.add(CatalogRevision(applied_at=now, applied_by="bench", document=document))
        rows = [
            {
                "identifier": f"PAY-2026.{number:05d}",
                "name": f"pay-2026.{number:05d}",
                "form": f"bench-{number}",
                **_REQUEST,
                **window,
                "requested_at": now,
                "state_since": now,
            }
            for number in range(1, releases + 1)
        ]
        connection = await tx.session.connection()
        await connection.execute(insert(Release), rows)
        await connection.execute(insert(Outgoing), [_card(number, now) for number in range(1, releases + 1)])
    await database.close()


def _card(release: int, now: datetime) -> dict[str, object]:
    """The row of a card that is posted and up to date."""
    return {
        "key": card_key(release),
        "message": "release_card",
        "subject": str(release),
        "release_id": release,
        "recipient": "C0PAY",
        "in_thread": False,
        "facts": {},
        "wanted": 1,
        "delivered": 1,
        "attempts": 0,
        "due_at": now,
        "posted_at": now,
        "channel": "C0PAY",
        "ts": f"1700000000.{release:06d}",
    }


_REQUEST = {
    "service": "PAY",
    "type": "minor",
    "title": "Card payments 9.2",
    "description": "Faster settlement of card payments. " * 8,
    "changes": ["CHG0000132", "CHG0000133"],
    "method": "rolling",
    "back_out_plan": "Redeploy 9.1 from the registry and replay the queue.",
    "requester": "U0ANN",
    "state": "requested",
    "round": 1,
}


def approval(number: int) -> str:
    """The payload of approval ``number``, counted from 0."""
    release, person = number // 2 + 1, APPROVERS[number % 2]
    return json.dumps(
        {
            "type": "block_actions",
            "team": {"id": "T0", "domain": "bench"},
            "user": {"id": person, "username": person.lower(), "name": person.lower(), "team_id": "T0"},
            "api_app_id": "A0",
            "token": "unused",
            "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "C0PAY"},
            "trigger_id": f"{number}.1.trigger",
            "channel": {"id": "C0PAY", "name": "payments"},
            "message": _MESSAGE,
            "response_url": "http://127.0.0.1:9/response",
            "actions": [
                {
                    "type": "button",
                    "block_id": "verbs",
                    "action_id": APPROVE,
                    "text": {"type": "plain_text", "text": "Approve"},
                    "value": value(r=release, n=1),
                    "style": "primary",
                    "action_ts": f"1700000{number % 1000:03d}.{number:06d}",
                }
            ],
        }
    )


_MESSAGE = {
    "type": "message",
    "user": "U0BOT",
    "ts": "1700000000.000100",
    "bot_id": "B0",
    "text": "PAY-2026.001 Card payments 9.2 (minor): Waiting for approval.",
    "blocks": [
        {
            "type": "rich_text",
            "block_id": "headline",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Card payments 9.2 " * 12}]}
            ],
        },
        {"type": "actions", "block_id": "verbs", "elements": []},
    ],
}


def signed(payload: str, port: int) -> bytes:
    """The HTTP request with ``payload``, signed now."""
    body = f"payload={quote_plus(payload)}".encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body
