"""How long to wait before another try."""

import math
from collections.abc import Mapping


def backoff(attempts: int, first: float, longest: float) -> float:
    """Seconds to wait after ``attempts`` failed tries: ``first``, doubled each time, at most ``longest``."""
    return min(first * 2.0 ** min(attempts - 1, 10), longest)


def retry_after(headers: Mapping[str, str] | None) -> float:
    """Seconds that a server asks for in ``Retry-After``, whatever the header's case; 0 if it asks for none."""
    given = next((value for name, value in (headers or {}).items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(given)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) else 0.0
