"""Which release of its service a pipeline means that names none: docs/process.md#pipelines-that-ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.lifecycle.lifecycle import PREPARING, SENT_BACK, State
from models.pipelines.binding import Deployed, digests_in, same_version


@dataclass(frozen=True, slots=True)
class ReleaseInTurn:
    """A release of the service that isn't over; ``end`` is that of its window with its extension.

    ``goes_now``: an emergency that is approved and whose time hasn't run out. ``versions`` are those of its package
    by configuration item, ``artefact`` is the build's.
    """

    id: int
    state: str
    start: datetime
    end: datetime
    goes_now: bool = False
    versions: Mapping[str, str] | None = None
    artefact: str = ""


def choose_release(releases: Sequence[ReleaseInTurn], deployed: Deployed, now: datetime) -> ReleaseInTurn | None:
    """The release that brings what is deployed comes before others; among equals the one that is nearest its turn.

    That is the one being deployed, then one whose window is now, the next one that is approved, one that missed its
    window, one that waits for approval, and one that was sent back.
    """
    fitting = [one for one in releases if _brings(one, deployed)]
    return min(fitting or releases, key=lambda one: _turn(one, now), default=None)


def _brings(release: ReleaseInTurn, deployed: Deployed) -> bool:
    digests = set(digests_in(deployed.digest))
    if digests and digests <= set(digests_in(release.artefact)):
        return True
    if not deployed.version:
        return False
    versions = release.versions or {}
    return any(
        one and same_version(one, deployed.version) for item, one in versions.items() if deployed.item in ("", item)
    )


def _turn(release: ReleaseInTurn, now: datetime) -> tuple[int, float, int]:
    """What sorts first is nearest its turn."""
    state = State(release.state)
    ahead = abs((release.start - now).total_seconds())
    if state is State.DEPLOYING:
        return 0, ahead, release.id
    if state in PREPARING:
        if release.goes_now or release.start <= now < release.end:
            return 1, release.start.timestamp(), release.id
        return (2 if now < release.start else 3), ahead, release.id
    return (5 if state in SENT_BACK else 4), ahead, release.id
