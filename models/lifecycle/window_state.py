"""Whether a window was missed or is overrun: docs/process.md#windows-in-time."""

from datetime import datetime
from enum import StrEnum

from models.lifecycle.lifecycle import PREPARING, State
from models.lifecycle.tables.release import Release

MISSABLE = (State.REQUESTED, *PREPARING)

WATCHED = (*MISSABLE, State.DEPLOYING)


class WindowState(StrEnum):
    """``IN_TIME`` is also what is settled, or was sent back and needs a window anyway."""

    IN_TIME = ""
    MISSED = "missed"
    OVERRUNNING = "overrunning"


def deployment_end(release: Release) -> datetime:
    """When a deployment has to be over: with its window, its extension, or if it began later, a window later."""
    if release.extended_to:
        return release.extended_to
    if release.started_at and release.started_at >= release.window_end:
        return release.started_at + (release.window_end - release.window_start)
    return release.window_end


def window_state(release: Release, now: datetime) -> WindowState:
    if release.state == State.DEPLOYING and now >= deployment_end(release):
        return WindowState.OVERRUNNING
    if release.state in MISSABLE and now >= release.window_end:
        return WindowState.MISSED
    return WindowState.IN_TIME
