"""When digests are due: once on each of their days, at a time of day in their own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, Digest
from models.time.days import WEEKDAYS

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest whose time has come on ``day``, a day in its own ``zone``."""

    key: str
    day: date
    digest: Digest
    zone: ZoneInfo


def digests_by_key(catalog: Catalog) -> dict[str, Digest]:
    """A digest's key is its channel, with a number for the second and later ones in one channel.

    The time of day is no part of it, so a digest that is moved to a later hour is not posted twice that day.
    """
    by_key: dict[str, Digest] = {}
    counts: dict[str, int] = {}
    for digest in catalog.digests:
        count = counts[digest.channel] = counts.get(digest.channel, 0) + 1
        by_key[digest.channel if count == 1 else f"{digest.channel}#{count}"] = digest
    return by_key


def digest_zone(catalog: Catalog, digest: Digest) -> ZoneInfo:
    return ZoneInfo(digest.timezone or catalog.timezone)


def digest_due_at(digest: Digest, day: date, zone: ZoneInfo) -> datetime:
    """When the digest of ``day`` is due, in UTC.

    A time of day that daylight saving skips becomes the first one after the gap; one that comes twice is the first.
    """
    hour, minute = (int(part) for part in digest.at.split(":"))
    wall = datetime.combine(day, time(hour, minute))
    while _skipped(wall, zone):
        wall += _MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def due_digests(catalog: Catalog, now: datetime) -> list[DueDigest]:
    """Today's digests whose time has come, posted or not; those missed on earlier days are not made up for.

    If daylight saving skips the last hour of a day, a digest due then falls on the next day.
    """
    due = []
    for key, digest in digests_by_key(catalog).items():
        zone = digest_zone(catalog, digest)
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            moment = digest_due_at(digest, day, zone)
            if _is_on(digest, day) and moment <= now and moment.astimezone(zone).date() == today:
                due.append(DueDigest(key, day, digest, zone))
    return due


def next_digest_at(catalog: Catalog, now: datetime) -> datetime | None:
    """In UTC; None if the catalog has no digests."""
    moments = []
    for digest in catalog.digests:
        zone = digest_zone(catalog, digest)
        today = now.astimezone(zone).date()
        ahead = (today + timedelta(days=count) for count in range(-1, 9))
        moments += [digest_due_at(digest, day, zone) for day in ahead if _is_on(digest, day)]
    return min((moment for moment in moments if moment > now), default=None)


def _is_on(digest: Digest, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in digest.days


def _skipped(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
