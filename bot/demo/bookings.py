"""Two teams want the same environment: one has it, the other waits."""

from datetime import timedelta

from sqlmodel import col, select

from bot.demo.steps import Story, by
from models.environments.booking_form import BookingForm
from models.environments.bookings import book_environment
from models.lifecycle.tables.release import Release


async def fight_over_test(story: Story) -> None:
    """Payments tests in *Test*, the web shop needs it in two days and waits; Payments rehearses in *Staging*."""
    release = await _identifier(story, "Card payments 9.2")
    story.at(story.day(-1, 9))
    await _book(
        story,
        "U0TOM",
        BookingForm(
            environment="test",
            start=story.clock.moment,
            end=story.day(3, 17),
            purpose="Regression of card payments, all components",
            release=release,
            versions="pay-api 9.2.0, pay-db 15.4",
            test_data="Anonymised cards of October",
        ),
    )
    story.at(story.today - timedelta(minutes=40))
    start = story.clock.moment
    purpose = "Rehearse the move to the new ledger"
    await _book(
        story,
        "U0BEN",
        BookingForm(environment="staging", start=start, end=start + timedelta(hours=100), purpose=purpose),
    )
    story.at(story.today - timedelta(minutes=15))
    purpose = "Load test of the gift cards, with the load generator that is hired for the morning"
    await _book(
        story,
        "U0SAM",
        BookingForm(environment="test", start=story.day(2, 9), end=story.day(2, 13), purpose=purpose),
    )


async def _book(story: Story, person: str, form: BookingForm) -> None:
    await book_environment(story.work, by(person, "modal"), form, story.nonce())


async def _identifier(story: Story, title: str) -> str:
    async with story.work.reading() as snapshot:
        return (await snapshot.session.exec(select(Release.identifier).where(col(Release.title) == title))).one()
