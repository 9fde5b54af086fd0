"""Requests whose window is over: nobody approves them before they have a new one (docs/process.md#quorum)."""

from datetime import datetime, timedelta

from models.catalog.document import Service
from models.catalog.roles import RELEASE_MANAGER, answerable_role
from models.errors import Refused
from models.people.holder_names import holder_names
from models.releases.approval.decision_case import DecisionCase
from models.releases.policy.emergency import EMERGENCY_GRACE
from models.unit_of_work import Snapshot


def window_is_over(end: datetime, now: datetime, *, emergency: bool) -> bool:
    """Whether a request is too late to be approved. At the end itself it isn't."""
    return now > end + (EMERGENCY_GRACE if emergency else timedelta(0))


async def refuse_past_window(snapshot: Snapshot, case: DecisionCase) -> None:
    """Raises :class:`~models.errors.Refused`, naming who can move the window, when it is over."""
    if window_is_over(case.window_end, snapshot.now, emergency=case.emergency):
        people = await _who_moves(snapshot, case.service, case.requester)
        raise Refused(
            f"{case.identifier} can't be approved: its window is over. It needs a new window first; {people} can "
            "move it with Reschedule."
        )


async def _who_moves(snapshot: Snapshot, service: Service, requester: str) -> str:
    role = answerable_role(service, RELEASE_MANAGER)
    return await holder_names(snapshot.session, service, (role,), also=(requester,))
