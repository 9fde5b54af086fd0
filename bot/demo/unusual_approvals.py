"""Approvals out of the ordinary: broken glass, an emergency approved afterwards, people who stand in."""

from datetime import timedelta

from bot.demo import activities
from bot.demo.steps import ZONE, Story, by
from models.releases.activities.handover import verify_deployment
from models.releases.approval.break_glass import break_glass
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals


async def break_the_glass(story: Story) -> None:
    """Rita is on a plane, the regulator's deadline is tomorrow: Sam breaks the glass."""
    window = await story.window(-34, "WEB")
    story.at(window - timedelta(days=2))
    release = await story.request(
        "U0ANN",
        window,
        service="WEB",
        title="Cookie banner 1.2",
        changes="CHG0000110",
        description="Ask before statistics are counted",
        back_out_plan="Show the banner of 1.1",
    )
    story.at(window - timedelta(hours=16))
    reason = "The regulator's deadline is noon tomorrow, and Rita is in the air until then."
    await break_glass(story.work, by("U0SAM", "modal"), release, 1, reason)
    await activities.prepare(story, release, activities.WEB, "1.2")
    await story.deploy(release, window, "U0SAM")
    await activities.support(story, release, activities.WEB)
    story.at(window + timedelta(days=5))
    await activities.hand_over(story, release, activities.WEB)


async def stand_in(story: Story) -> None:
    """Lena stood in for Rita for two days; Petra learns today that she will for Olga all next week."""
    story.at(story.day(-6, 12))
    await _delegate(story, "U0RITA", "U0LENA", (-4, -3), ("PAY",), "At a conference in Lisbon")
    story.at(story.today - timedelta(hours=2))
    monday = 7 - story.today.astimezone(ZONE).weekday()
    await _delegate(story, "U0OLGA", "U0PETRA", (monday, monday + 4), ("PAY", "WEB"), "A week in the mountains")


async def go_first(story: Story) -> None:
    """Nobody with a saved address can pay: deployed on one approval, two are still missing."""
    window = story.today - timedelta(hours=4)
    story.at(window - timedelta(minutes=10))
    release = await story.request(
        "U0ANN",
        window,
        hours=1,
        service="WEB",
        type="emergency",
        title="Checkout 4.1.1",
        changes="CHG0000143",
        description="Customers with a saved address cannot pay: the house number is checked twice",
        back_out_plan="Switch saved addresses off",
    )
    story.at(window - timedelta(minutes=12))
    await story.approve(release, "U0RITA")
    await story.deploy(release, window + timedelta(minutes=5), "U0SAM", minutes=20)
    story.at(story.clock.moment + timedelta(minutes=15))
    await verify_deployment(story.work, by("U0SAM"), release)


async def _delegate(
    story: Story, person: str, delegate: str, days: tuple[int, int], services: tuple[str, ...], reason: str
) -> None:
    first, last = (story.day(day).astimezone(ZONE).date() for day in days)
    form = DelegationForm(delegate, first, last, services, reason)
    await delegate_approvals(story.work, by(person, "modal"), form, story.nonce())
