"""The demo's history at Harbour Goods: releases in every state, known errors and incidents."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col

from bot.demo import activities
from bot.demo.bookings import fight_over_test
from bot.demo.deployment_day import plan_the_day, tick_the_first
from bot.demo.pipelines import report_all
from bot.demo.steps import Story, by
from bot.demo.unusual_approvals import break_the_glass, go_first, stand_in
from models.events import SYSTEM
from models.outbox import Outgoing
from models.packages.tree import NodeType
from models.releases.activities.deploy import start_deployment
from models.releases.activities.handover import retire_release
from models.releases.activities.unrecorded_deployments import UnrecordedDeployment, report_unrecorded
from models.releases.approval.reject import reject_release, request_changes
from models.releases.package.forms import NodeForm
from models.releases.request.cancel import cancel_release
from models.support.forms import KnownErrorForm
from models.support.links import link_incident
from models.support.recording import record_known_error
from models.support.resolve import resolve_known_error

_MANAGERS = ("U0RITA", "U0SAM")
_PAY = ("U0RITA", "U0OLGA")
_BOARD = ("U0TOM", "U0RITA", "U0OLGA")
"""Approve major releases of both services."""


async def tell_all(story: Story) -> None:
    """The whole history, oldest first."""
    await _deployed_before(story)
    await _errors(story)
    await _stopped(story)
    await stand_in(story)
    basket = await _under_way(story)
    await _prepared(story)
    await _waiting(story)
    await go_first(story)
    await _begin(story, basket)
    await report_all(story)
    await fight_over_test(story)
    await _forget_old_news(story)


def _pay(title: str, change: str, why: str, back: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "changes": change, "description": why, "back_out_plan": back, **more}


def _web(title: str, change: str, why: str, back: str, **more: Any) -> dict[str, Any]:
    return _pay(title, change, why, back, service="WEB", **more)


def _card_payments(version: str, api: str, runbook: str) -> tuple[NodeForm, ...]:
    """The package of a release of the card payments."""
    return (
        NodeForm(what=NodeType.PACKAGE, key="Card payments", version=version),
        NodeForm(what=NodeType.UNIT, key="Payments service", parent="Card payments"),
        NodeForm(what=NodeType.ITEM, item="pay-api", version=api, parent="Payments service"),
        NodeForm(what=NodeType.ITEM, item="pay-runbook", version=runbook, parent="Card payments"),
    )


_Past = tuple[tuple[int, tuple[str, ...], dict[str, Any]], ...]
"""For each release: days from today, approvers, and the fields of the request."""

_PACKAGES = {"Card payments 9.1": _card_payments("9.1", "9.1.0", "31")}

_LONG_AGO = (
    (-52, _PAY, _pay("Card payments 8.7", "CHG0000101", "Support for the new card scheme", "Redeploy 8.7")),
    (
        -45,
        _BOARD,
        _web("Checkout 4.0", "CHG0000104", "One-page checkout", "Switch the feature flag off", type="major"),
    ),
    (-38, _PAY, _pay("Refunds 2.3", "CHG0000109", "Refund to another card", "Redeploy 2.2")),
)
_LATELY = (
    (-31, _MANAGERS, _web("Search 3.1", "CHG0000112", "Typo-tolerant search", "Point search at the old index")),
    (
        -24,
        _BOARD,
        _pay(
            "Card payments 9.0", "CHG0000117, CHG0000118", "Retry failed settlements", "Redeploy 8.9", type="major"
        ),
    ),
    (-17, _MANAGERS, _web("Basket 5.2", "CHG0000121", "Keep the basket across devices", "Redeploy 5.1")),
    (-10, _PAY, _pay("Card payments 9.1", "CHG0000125", "Fewer declined payments", "Redeploy 9.0")),
    (-3, _MANAGERS, _web("Checkout 4.1", "CHG0000129", "Saved addresses", "Switch the feature flag off")),
)


_OFFERED = -10
"""Days of the release whose handover waits for operations."""

_RETIRED = -52
"""Days of the release that is retired."""


async def _deployed_before(story: Story) -> None:
    await _deploy(story, _LONG_AGO)
    await break_the_glass(story)
    await _deploy(story, _LATELY)
    story.at(story.day(-20, 18))
    await report_unrecorded(
        story.work,
        by("U0OMAR", "modal"),
        UnrecordedDeployment(
            service="WEB",
            deployed_at=story.day(-20, 17),
            what="Hotfix of the price list, found in the pipeline's log",
        ),
        story.nonce(),
    )


async def _deploy(story: Story, past: _Past) -> None:
    for days, approvers, fields in past:
        window = await story.window(days, str(fields.get("service", "PAY")))
        story.at(window - timedelta(days=16 if approvers is _BOARD else 6))
        release = await story.request("U0ANN", window, **fields)
        await story.contain(release, *_PACKAGES.get(fields["title"], ()))
        await story.approve(release, *approvers)
        crew = activities.WEB if fields.get("service") == "WEB" else activities.PAY
        story.at(window - timedelta(days=2))
        await activities.prepare(story, release, crew, fields["title"].rpartition(" ")[2])
        story.at(window - timedelta(hours=1))
        await story.settle(release)
        await story.deploy(release, window, crew.deployer)
        if days == -24:
            await story.back_out(
                release, crew.deployer, "Settlements of the night batch were sent twice.", "Card payments 8.9"
            )
            continue
        await activities.support(story, release, crew)
        if days < -7:
            story.at(window + timedelta(days=5))
            await story.settle(release)
            await (activities.offer if days == _OFFERED else activities.hand_over)(story, release, crew)
        if days == _RETIRED:
            await retire_release(story.work, by("U0OLGA"), release)


_ERRORS = (
    (-40, "PAY", "Refund shows twice", "A refund appears twice on the customer's statement until midnight.",
     "Reload the statement; the second line disappears.", "medium"),
    (-22, "PAY", "Night batch settles twice", "Settlements after 02:00 are sent a second time.",
     "Hold the batch and release it by hand.", "high"),
    (-16, "WEB", "Basket empty after login", "Articles vanish from the basket on signing in.", "", "high"),
    (-8, "PAY", "Slow 3-D Secure page", "The bank's page takes ten seconds to open at noon.", "", "low"),
    (-2, "WEB", "Saved address without house number", "The house number is lost when an address is saved.",
     "Type the house number into the street field.", "medium"),
)  # fmt: skip

_INCIDENTS = (
    ("INC0910021", -30, (1,)), ("INC0910034", -21, (2,)), ("INC0910035", -21, (2,)), ("INC0910047", -15, (3,)),
    ("INC0910051", -12, (1,)), ("INC0910058", -6, (4,)), ("INC0910063", -2, (5,)), ("INC0910064", -1, (3, 5)),
)  # fmt: skip


async def _errors(story: Story) -> None:
    for days, service, title, symptom, workaround, severity in _ERRORS:
        story.at(story.day(days, 14))
        form = KnownErrorForm(
            title=title, service=service, symptom=symptom, workaround=workaround, severity=severity
        )
        await record_known_error(story.work, by("U0PIA", "modal"), form, story.nonce())
    for number, days, known_errors in _INCIDENTS:
        story.at(story.day(days, 11))
        await link_incident(story.work, by("U0IVAN", "command"), number, known_errors)
    story.at(story.day(-14, 16))
    await resolve_known_error(story.work, by("U0PIA", "command"), 2, "Backed out; the batch is idempotent in 9.1")


async def _stopped(story: Story) -> None:
    story.at(story.day(-9, 9))
    ledger = _pay("Ledger 1.8", "CHG0000127", "Move the ledger to the new cluster", "Move back")
    rejected = await story.request("U0BEN", await story.window(3), **ledger)
    story.at(story.day(-8, 11))
    await reject_release(story.work, by("U0OLGA", "modal"), rejected, 1, "Not in the week of the month close.")
    story.at(story.day(-7, 9))
    gifts = _web("Gift cards 0.9", "CHG0000128", "Sell gift cards", "Take the page offline")
    cancelled = await story.request("U0ANN", await story.window(3, "WEB"), **gifts)
    story.at(story.day(-5, 15))
    await cancel_release(story.work, by("U0ANN", "command"), cancelled, "Legal wants another review.")


async def _under_way(story: Story) -> int:
    """Returns the id of the release that is being deployed today."""
    story.at(story.day(-6, 9))
    today = story.today - timedelta(minutes=58)  # it runs over two minutes after the demo has begun
    basket = _web("Basket 5.3", "CHG0000131", "Faster basket on phones", "Redeploy 5.2")
    deploying = await story.request("U0ANN", today, hours=1, items="basket-service 5.3.0", **basket)
    await story.approve(deploying, *_MANAGERS)
    story.at(story.day(-2, 9))
    await activities.prepare(story, deploying, activities.WEB, "5.3")
    await story.settle(deploying)
    story.at(story.today - timedelta(minutes=40))
    await plan_the_day(story, deploying)
    story.at(story.day(-4, 9))
    approved = await story.request(
        "U0ANN",
        await story.window(6),
        **_pay(
            "Card payments 9.2", "CHG0000132, CHG0000133", "Settle card payments within the hour", "Redeploy 9.1"
        ),
    )
    await story.contain(approved, *_card_payments("9.2", "9.2.0", "32"))
    await story.approve(approved, "U0LENA", "U0OLGA")  # Lena for Rita
    await story.settle(approved, leave=5)
    return deploying


async def _begin(story: Story, deploying: int) -> None:
    """Begin today's deployment once nothing of its service is in the way."""
    story.at(story.today - timedelta(minutes=20))
    await start_deployment(story.work, by("U0SAM"), deploying)
    story.at(story.today - timedelta(minutes=10))
    await tick_the_first(story, deploying)


_PREPARED = (
    ("PAY", 9, _pay("Ledger 2.0", "CHG0000139", "One ledger for both brands", "Switch back to the old ledger")),
    ("PAY", 8, _pay("Payouts 3.4", "CHG0000140", "Pay merchants out every day", "Redeploy 3.3")),
    ("WEB", 5, _web("Gift cards 1.0", "CHG0000142", "Sell gift cards", "Take the page offline", type="major")),
)
"""One release each in build, in test, and waiting for the go."""


async def _prepared(story: Story) -> None:
    building, testing, ready = [await _approved_for(story, *one) for one in _PREPARED]
    story.at(story.day(-3, 9))
    await activities.build(story, testing, activities.PAY, "v3.4.0")
    await activities.put_to_test(story, testing, activities.PAY)
    await activities.run_tests(story, testing, activities.PAY, fails="pay-db")
    await activities.build(story, ready, activities.WEB, "v1.0.0")
    await activities.put_to_test(story, ready, activities.WEB)
    await activities.run_tests(story, ready, activities.WEB, fails="basket service")
    await activities.explain_failure(
        story, ready, activities.WEB, "Gift card slow at noon", "Try again; the second try is quick."
    )
    await activities.accept(story, ready, activities.WEB)
    story.at(story.day(-1, 9))
    await activities.build(story, building, activities.PAY, "v2.0.0")


async def _approved_for(story: Story, service: str, days: int, fields: dict[str, Any]) -> int:
    story.at(story.day(-5, 9))
    release = await story.request("U0ANN", await story.window(days, service), **fields)
    await story.approve(release, *(_BOARD if fields.get("type") == "major" else _PAY))
    await story.settle(release, leave=4 if service == "PAY" else 0)
    return release


async def _waiting(story: Story) -> None:
    story.at(story.day(-2, 15))
    sent_back = await story.request(
        "U0BEN", await story.window(8), **_pay("Refunds 2.4", "CHG0000135", "Partial refunds", "Undo the change")
    )
    story.at(story.day(-1, 10))
    await request_changes(
        story.work, by("U0RITA", "modal"), sent_back, 1, "Say which version is redeployed, and by whom."
    )
    await story.contain(sent_back, NodeForm(what=NodeType.ITEM, item="pay-db", version="16.1"))
    story.at(story.day(-1, 14))
    window = await story.window(7)
    half = await story.request(
        "U0ANN",
        window,
        **_pay("Fraud rules 11", "CHG0000136", "Block the card-testing wave", "Load rules 10"),
    )
    await story.approve(half, "U0RITA")
    story.at(story.today - timedelta(minutes=25))
    colliding = _web("Search 3.2", "CHG0000138", "Search by photo", "Switch the feature flag off")
    await story.request("U0ANN", window + timedelta(hours=1), **colliding)


async def _forget_old_news(story: Story) -> None:
    """Drop the news of earlier days: only cards are posted, and what still needs somebody."""
    async with story.work(SYSTEM) as tx:
        await tx.session.exec(
            update(Outgoing)
            .where(
                or_(col(Outgoing.in_thread), col(Outgoing.recipient).startswith("U")),
                col(Outgoing.due_at) < story.today - timedelta(hours=30),
            )
            .values(delivered=Outgoing.wanted)
            .execution_options(synchronize_session=False)
        )
