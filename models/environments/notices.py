"""Direct messages that the events of bookings call for."""

from collections.abc import Iterable

from models.environments import events as happened
from models.events import Event
from models.outbox import Post, Rule


def request_key(booking_id: int | str, person: str) -> str:
    """The key of the message that asks ``person`` to arbitrate."""
    return f"booking:{booking_id}:asked:{person}"


def _asked(event: happened.BookingEvent) -> Iterable[Post]:
    """The people who were asked see what became of the request: once settled, their message loses its buttons."""
    for person in event.asked:
        yield Post(
            key=request_key(event.subject, person),
            message="booking_request",
            subject=str(event.subject),
            recipient=person,
        )


def _offer(event: happened.BookingEvent) -> Iterable[Post]:
    """The newest offer shows what became of it."""
    if event.offers:
        yield Post(
            key=f"booking:{event.subject}:offer:{event.offers}",
            message="booking_offer",
            subject=str(event.subject),
            recipient=event.holder,
            facts={"count": event.offers},
        )


def _reminder(event: happened.BookingEvent) -> Iterable[Post]:
    """The newest reminder shows what became of the booking."""
    if event.reminded:
        yield Post(
            key=f"booking:{event.subject}:reminder:{event.reminded}",
            message="booking_reminder",
            subject=str(event.subject),
            recipient=event.holder,
            facts={"count": event.reminded, "end": event.end},
        )


def _news(kind: str) -> Rule:
    """Tell the holder, unless they did it themselves."""

    def rule(event: happened.BookingEvent) -> Iterable[Post]:
        if event.person != event.holder:
            yield Post(
                key=f"booking:{event.subject}:{kind}:{event.end}",
                message="booking_news",
                subject=str(event.subject),
                recipient=event.holder,
                facts={**event.facts(), "grounds": event.grounds, "news": kind},
            )

    return rule


def _offer_withdrawn(event: happened.OfferWithdrawn) -> Iterable[Post]:
    """Sent even to the person who did it: they must know that the time isn't held for them any more."""
    yield Post(
        key=f"booking:{event.subject}:offer_withdrawn:{event.offers}",
        message="booking_news",
        subject=str(event.subject),
        recipient=event.holder,
        facts={
            **event.facts(),
            "start": event.proposed_start,
            "end": event.proposed_end,
            "news": "offer_withdrawn",
        },
    )


def _granted(event: happened.BookingGranted) -> Iterable[Post]:
    """Sent even when the holder freed the place themselves."""
    yield Post(
        key=f"booking:{event.subject}:granted",
        message="booking_news",
        subject=str(event.subject),
        recipient=event.holder,
        facts={**event.facts(), "news": "granted"},
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.EnvironmentRequested: (_asked,),
    happened.BookingGranted: (_asked, _offer, _granted),
    happened.BookingRefused: (_asked, _offer, _news("refused")),
    happened.TimeOffered: (_asked, _offer),
    happened.OfferTaken: (_asked, _offer),
    happened.OfferDeclined: (_asked, _offer),
    happened.OfferLapsed: (_asked, _offer),
    happened.OfferWithdrawn: (_asked, _offer, _offer_withdrawn),
    happened.BookingShortened: (_reminder, _news("shortened")),
    happened.BookingCancelled: (_reminder, _news("cancelled")),
    happened.BookingGivenBack: (_reminder, _news("released")),
    happened.RequestWithdrawn: (_asked, _offer, _news("withdrawn")),
    happened.BookingExtended: (_reminder,),
    happened.EndReminded: (_reminder,),
    happened.BookingExpired: (_reminder,),
    happened.RequestLapsed: (_asked, _offer, _news("lapsed")),
}
