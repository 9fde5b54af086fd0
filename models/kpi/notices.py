from collections.abc import Iterable

from models.events import Event
from models.kpi.events import DigestDue
from models.outbox import Post, Rule


def digest_key(subject: str, day: str) -> str:
    return f"digest:{subject}:{day}"


def _digest(event: DigestDue) -> Iterable[Post]:
    yield Post(
        key=digest_key(str(event.subject), event.day),
        message="digest",
        subject=str(event.subject),
        recipient=event.channel,
        facts=event.facts(),
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {DigestDue: (_digest,)}
