"""Links in answers to pipelines: to the card in Slack, and to ask again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GATE = "/hooks/gate"


@dataclass
class Links:
    """``public_url`` is where we are reached from outside, ``workspace`` Slack's address of the workspace.

    Both may be empty; ``workspace`` is known once Slack has been asked.
    """

    public_url: str = ""
    workspace: str = ""

    def card(self, channel: str, ts: str) -> str:
        """The card's permalink; empty where it isn't known."""
        if not (self.workspace and channel and ts):
            return ""
        return f"{self.workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

    def poll(self, token: str) -> str:
        return f"{self.public_url}{GATE}/{token}" if self.public_url and token else ""

    def into(self, answer: Mapping[str, Any], card: tuple[str, str]) -> dict[str, Any]:
        """The answer as it is sent, with its links."""
        link = self.card(*card)
        reasons = [{**one, "link": link} for one in answer["reasons"]]
        return {**answer, "release_url": link, "reasons": reasons, "poll": self.poll(str(answer["id"]))}
