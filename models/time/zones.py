from zoneinfo import ZoneInfo


def parse_zone(name: str) -> ZoneInfo:
    """Raises ValueError with a sentence, without its full stop, if this machine knows no zone of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write for example Europe/Amsterdam") from None
