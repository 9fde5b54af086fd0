"""What can stand in the way of a deployment: docs/clearance.md. Pipelines are told the codes, so they stay."""

from enum import StrEnum


class Code(StrEnum):
    WINDOW_NOT_BEGUN = "window_not_begun"
    WINDOW_OVER = "window_over"
    CLOSED = "closed"
    FREEZE = "freeze"
    OTHER_DEPLOYMENT = "other_deployment"
    COLLISION = "collision"
    APPROVALS = "approvals"
    APPROVER_LEFT = "approver_left"
    GATE = "gate"
    VERSION = "version"
    RISK = "risk"


ABOUT_TIME = (Code.WINDOW_NOT_BEGUN, Code.WINDOW_OVER, Code.CLOSED, Code.FREEZE)
"""They don't hold up an emergency."""
