"""Reasons that people give, as they can be recorded."""

from models.errors import Invalid
from models.releases.forms import TEXT_LIMIT


def check_reason(reason: str) -> str:
    """A reason that can be recorded. Raises :class:`~models.errors.Invalid` for an empty or endless one."""
    given = reason.strip()
    if not given:
        raise Invalid({"reason": "Give a reason; the requester reads it."})
    if len(given) > TEXT_LIMIT:
        raise Invalid({"reason": f"This is {len(given):,} characters long; {TEXT_LIMIT:,} is the most."})
    return given
