"""Numbers as people read them, and the steps of an axis."""

import math


def written_number(value: float) -> str:
    """With thousands separators, and decimals only where there are any."""
    if value != int(value):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{int(value):,}"


def axis_steps(lowest: float, highest: float, wanted: int = 4) -> list[float]:
    """About `wanted` steps of a round size from `lowest` to `highest`, with zero among them.

    Between whole numbers the steps are whole: counts have no halves.
    """
    low, high = min(lowest, 0.0), max(highest, 0.0)
    if low == high:
        high = 1.0
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough)
    if float(lowest).is_integer() and float(highest).is_integer():
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 10) for number in range(first, last + 1)]
