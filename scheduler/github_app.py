"""Speaking to GitHub as the app whose protection rule asks us: a short-lived key for each installation."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from models.time.clock import Clock, SystemClock

LIFE = timedelta(minutes=50)
"""How long an installation's key is used; GitHub's ends after an hour."""

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class GitHubRefused(Exception):
    """GitHub gives no key. ``for_good``: it won't next time either."""

    def __init__(self, status: int) -> None:
        super().__init__(f"GitHub gave no key for the installation: {status}")
        self.for_good = status in (401, 403, 404)


@dataclass
class GitHubApp:
    """``private_key`` is in PEM. GitHub checks the real time, so the machine's clock counts here."""

    app_id: str
    private_key: str = field(repr=False)
    api_url: str
    clock: Clock = field(default_factory=SystemClock)
    _keys: dict[str, tuple[str, datetime]] = field(default_factory=dict, repr=False)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def headers(self, session: aiohttp.ClientSession, installation: str) -> Mapping[str, str]:
        """Those of a call as the app's ``installation``. Raises :class:`GitHubRefused`."""
        async with self._one_at_a_time:
            key, until = self._keys.get(installation, ("", self.clock.now()))
            if until <= self.clock.now():
                key = await self._new_key(session, installation)
                self._keys[installation] = (key, self.clock.now() + LIFE)
        return {**HEADERS, "Authorization": f"Bearer {key}"}

    def forget(self, installation: str) -> None:
        """Its key was refused."""
        self._keys.pop(installation, None)

    async def _new_key(self, session: aiohttp.ClientSession, installation: str) -> str:
        address = f"{self.api_url}/app/installations/{installation}/access_tokens"
        headers = {**HEADERS, "Authorization": f"Bearer {self._signed()}"}
        async with session.post(address, headers=headers, allow_redirects=False) as answer:
            if answer.status != 201:
                raise GitHubRefused(answer.status)
            content: Any = await answer.json()
        token = content.get("token") if isinstance(content, dict) else None
        if not isinstance(token, str):
            raise GitHubRefused(answer.status)
        return token

    def _signed(self) -> str:
        import jwt  # loads slowly, and few need it

        now = int(self.clock.now().timestamp())
        # A minute back, as GitHub advises: clocks differ.
        return jwt.encode({"iat": now - 60, "exp": now + 540, "iss": self.app_id}, self.private_key, "RS256")
