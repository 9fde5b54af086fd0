"""The obstacles as a table of Markdown, which docs/clearance.md shows."""

from collections.abc import Mapping

from models.lifecycle.obstacle_codes import ABOUT_TIME, Code
from models.releases.clearance.rules import NEVER_OVERRIDDEN, RULES, WEIGHTS

STANDS_WHEN: Mapping[Code, str] = {
    Code.WINDOW_NOT_BEGUN: "the release's window hasn't begun",
    Code.WINDOW_OVER: "its window is over; it needs a new one",
    Code.CLOSED: "it is outside the service's deployment windows of today",
    Code.FREEZE: "a freeze of the service holds; a soft one that was waived for this occurrence doesn't count",
    Code.OTHER_DEPLOYMENT: "another release of the service, or of one it depends on, is being deployed",
    Code.COLLISION: "another open release of a related service is planned for that time, unless that was waived",
    Code.APPROVALS: "approvals of this round are missing",
    Code.APPROVER_LEFT: "an approval that is needed was given by somebody who doesn't hold that role any more",
    Code.GATE: "a gate of the activities is closed: no go, not tested, criteria open",
    Code.VERSION: "another version or digest than the approved one is to be deployed",
    Code.RISK: "the risk is higher than at the request",
}


def obstacle_table() -> str:
    lines = ["| Obstacle | In the way when | Asked at | Weight | An emergency |", "| --- | --- | --- | --- | --- |"]
    for code in Code:
        weight = WEIGHTS[code]
        hard = "hard or soft, as the freeze says" if weight is None else weight.name.lower()
        if code in NEVER_OVERRIDDEN:
            hard = f"{hard}, also for broken glass"
        asked = ", ".join(RULES[code][1])
        emergency = "passes over it" if code in ABOUT_TIME else "as any other"
        lines.append(f"| `{code}` | {STANDS_WHEN[code]} | {asked} | {hard} | {emergency} |")
    return "\n".join(lines)
