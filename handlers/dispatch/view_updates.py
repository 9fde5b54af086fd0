"""Updates of a modal in which somebody goes on choosing while Slack still carries out the update before.

Each click names the hash of the view that it was made in. Two clicks in a row name the same one, so that Slack
would refuse the second update, which is the one that knows what was chosen last.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

View = dict[str, Any]

FOLLOWED = 500
"""Views whose hashes are remembered, the latest ones."""


@dataclass(slots=True)
class _Followed:
    newest: int = 0
    replaced_by: dict[str, str] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self, hash_: str | None) -> str | None:
        """The hash that the view with ``hash_`` has by our own updates."""
        while hash_ in self.replaced_by:
            hash_ = self.replaced_by[hash_]
        return hash_

    def remember(self, before: str, after: str) -> None:
        """The view with the hash ``before`` has become ``after``, which nothing has replaced so far."""
        self.replaced_by[before] = after
        self.replaced_by.pop(after, None)


class ViewUpdates:
    """Makes the updates of one view one after another; of those that wait only the latest is made."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._followed: OrderedDict[str, _Followed] = OrderedDict()

    async def show(self, view: View, seen: View) -> None:
        """Show ``view`` in place of ``seen``, as the click that calls for it delivered that.

        Where both are the same form, updates of ours in between do not count as a conflict. Raises SlackApiError.
        """
        view_id = str(seen["id"])
        followed = self._follow(view_id)
        followed.newest += 1
        turn = followed.newest
        async with followed.lock:
            if turn != followed.newest:
                return
            hash_ = seen.get("hash")
            if view.get("callback_id") == seen.get("callback_id"):
                hash_ = followed.now(hash_)
            answer = await self._client.views_update(view_id=view_id, hash=hash_, view=view)
            new = (answer.get("view") or {}).get("hash")
            if hash_ and new:
                followed.remember(hash_, str(new))

    def _follow(self, view_id: str) -> _Followed:
        followed = self._followed.setdefault(view_id, _Followed())
        self._followed.move_to_end(view_id)
        if len(self._followed) > FOLLOWED:
            self._followed.popitem(last=False)
        return followed
