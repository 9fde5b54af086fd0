from models.errors import Invalid
from models.limits import TEXT_LIMIT
from models.text import too_long


def check_reason(reason: str) -> str:
    """``reason`` as it is recorded. Raises :class:`~models.errors.Invalid` for an empty one or one too long."""
    given = reason.strip()
    if not given:
        raise Invalid({"reason": "Give a reason; the requester reads it."})
    if len(given) > TEXT_LIMIT:
        raise Invalid({"reason": too_long(given, TEXT_LIMIT)})
    return given
