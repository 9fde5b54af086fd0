"""Two people fight for one environment, and its manager settles it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.demo.run import demo
from bot.workspace.world.records import Message
from models.audit import AuditEntry
from models.environments.tables import Booking
from tests.journeys.conftest import Desk, be_patient


async def book(desk: Desk, person: str, start: float, end: float, **changes: Any) -> None:
    """``person`` books *Test* from so many hours from now to so many."""
    await desk.workspace.command(person, "C0PAY", "/environment book test")
    view = await desk.form(person, "Book an environment")
    now = desk.workspace.clock.now()
    values = {
        "From": int((now + timedelta(hours=start)).timestamp()),
        "Until": int((now + timedelta(hours=end)).timestamp()),
        "Purpose": "Regression of 9.2",
        **changes,
    }
    answer = await desk.workspace.submit(person, view.id, values)
    assert answer.get("response_action") == "update", answer
    await desk.workspace.close(person, view.id)


async def direct(desk: Desk, person: str, *words: str) -> Message:
    """The newest message to ``person`` alone that has all ``words``, once there is one."""
    channel = desk.workspace.direct(desk.workspace.app.bot_user, person).id

    def look() -> Message | None:
        found = [
            one for one in desk.workspace.messages_in(channel, person) if all(word in one.text for word in words)
        ]
        return found[-1] if found else None

    found: Message = await desk.until(look)
    return found


async def bookings(desk: Desk) -> list[tuple[str, str]]:
    async with desk.assembly.database.reading() as session:
        rows = (await session.exec(select(Booking).order_by(Booking.id))).all()
        return [(row.holder, row.status) for row in rows]


async def test_the_manager_offers_another_time_and_it_is_taken(desk: Desk):
    await book(desk, "U0TOM", 1, 25)
    await book(desk, "U0BEN", 4, 8, Purpose="Reproduce an incident <!channel>")
    asked = await direct(desk, "U0EVA", "asks for *Test*")
    assert desk.captions(asked) == ["Grant", "Refuse", "Offer another time"]

    await desk.click("U0EVA", asked, "Offer another time")
    view = await desk.form("U0EVA", "Offer another time")
    assert await desk.workspace.submit("U0EVA", view.id, {}) == {}
    offer = await direct(desk, "U0BEN", "offers you *Test*")
    await desk.click("U0BEN", offer, "Accept")
    await desk.until(lambda: "is yours from" in offer.text and desk.captions(offer) == [])
    await desk.until(lambda: "Nothing is left to decide" in asked.text and desk.captions(asked) == [])
    assert await bookings(desk) == [("U0TOM", "booked"), ("U0BEN", "booked")]

    await desk.workspace.command("U0ANN", "C0PAY", "/environment list")
    await desk.told("U0ANN", "3 environments")
    await desk.workspace.command("U0ANN", "C0PAY", "/environment show TEST.")
    await desk.told("U0ANN", "*Test* (`test`): free now")
    async with desk.assembly.database.reading() as session:
        rows = (await session.exec(select(AuditEntry).where(AuditEntry.kind == "booking"))).all()
    assert [(row.person, row.surface, row.tag) for row in rows] == [
        ("U0TOM", "modal", "environment:booking:booked"),
        ("U0BEN", "modal", "environment:booking:requested"),
        ("U0EVA", "modal", "environment:booking:offered"),
        ("U0BEN", "button", "environment:offer:taken"),
    ]


async def test_the_manager_grants_over_a_booking_that_the_form_names(desk: Desk):
    await book(desk, "U0TOM", 1, 25)
    await book(desk, "U0BEN", 4, 8)
    asked = await direct(desk, "U0EVA", "asks for *Test*")
    await desk.click("U0EVA", asked, "Grant")
    view = await desk.form("U0EVA", "Grant")
    assert await desk.workspace.submit("U0EVA", view.id, {}) == {}
    await direct(desk, "U0TOM", "gave *Test* to somebody else: your booking ends")
    await direct(desk, "U0BEN", "granted your request")


async def test_time_reminds_ends_and_serves_who_waits(desk: Desk):
    await book(desk, "U0TOM", 1, 11)
    await book(desk, "U0BEN", 4, 20)
    await desk.move(hours=10, minutes=5)
    reminder = await direct(desk, "U0TOM", "Your booking of *Test* ends")
    await desk.click("U0TOM", reminder, "Extend")
    view = await desk.form("U0TOM", "Extend")
    answer = await desk.workspace.submit("U0TOM", view.id, {})
    assert set(answer["errors"]) == {"until"}
    await desk.workspace.close("U0TOM", view.id)
    ends = desk.workspace.clock.now() + timedelta(minutes=54)
    while desk.workspace.clock.now() < ends:  # a digest may be due before
        assert await desk.workspace.clock.move_to_next_due() is not None
    await direct(desk, "U0BEN", "*Test* has become free")
    await desk.until(lambda: "is over since" in reminder.text and desk.captions(reminder) == [])
    await desk.workspace.command("U0BEN", "C0PAY", "/environment release test")
    await desk.told("U0BEN", "*Test* is given back")
    assert await bookings(desk) == [("U0TOM", "ended"), ("U0BEN", "ended")]


async def test_what_is_wrong_is_said_under_the_fields(desk: Desk):
    await desk.workspace.command("U0TOM", "C0PAY", "/environment book prod")
    await desk.told("U0TOM", "Production is production: it is not booked")
    await desk.workspace.command("U0TOM", "C0PAY", "/environment book staging")
    view = await desk.form("U0TOM", "Book an environment")
    now = desk.workspace.clock.now()
    values = {
        "From": int((now + timedelta(hours=1)).timestamp()),
        "Until": int((now + timedelta(days=9)).timestamp()),
        "Purpose": "Regression",
    }
    answer = await desk.workspace.submit("U0TOM", view.id, values)
    assert set(answer["errors"]) == {"end"}


async def test_in_the_demo_two_teams_fight_for_one_environment(tmp_path: Path):
    async with demo(0, tmp_path) as (workspace, assembly):
        workspace.rate_limits.multiplier = None
        be_patient(workspace)
        desk = Desk(workspace, assembly)
        asked = await direct(desk, "U0EVA", "Sam Keller asks for *Test*")
        assert desk.captions(asked) == ["Grant", "Refuse", "Offer another time"]
        assert "Tom de Wit" in str(asked.blocks)
        assert await bookings(desk) == [("U0TOM", "booked"), ("U0BEN", "booked"), ("U0SAM", "waiting")]
        await desk.workspace.command("U0ANN", "C0PAY", "/environment show prod")
        shown = await desk.told("U0ANN", "*Production*")
        assert "Payments database" in str(shown.blocks)
        assert "PAY-" in str(shown.blocks)
