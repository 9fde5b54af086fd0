"""Typed freezes: the answers to who types and lifts them, and what channel and threads are told."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, confirm, context, section, value
from messages.kit.text import cut, say
from messages.releases.action_ids import EDIT
from models.freezes.arguments import EVERYTHING
from models.freezes.freeze import BEGUN, LIFTED, LONGER, Frozen
from models.freezes.lift import Unfrozen
from models.freezes.queries import FreezeNews, FreezeNotice
from models.freezes.records import FreezeShown
from models.lifecycle.lifecycle import State
from models.time.moments import say_with_zone

LIFT = "freeze:lift"


def frozen(done: Frozen, zone: ZoneInfo) -> Message:
    """The answer to whoever typed a freeze; its end in their own time zone, which is named."""
    freeze = done.freeze
    text = say("freezes.frozen", outcome=done.outcome, freeze=freeze, until=say_with_zone(freeze.ends_at, zone))
    shown = done.touched[: sizes.FROZEN_RELEASES]
    key = freeze.service or EVERYTHING
    blocks = [section(text), rich.rich_text(rich.quote(freeze.reason))]
    if done.beside:
        blocks += [section(say("freezes.frozen_beside", count=len(done.beside))), _lines(done.beside)]
    blocks.append(context(say("freezes.frozen_told", touched=shown, count=len(done.touched), key=key)))
    return Message(text=text, blocks=blocks)


def unfrozen(done: Unfrozen, zone: ZoneInfo) -> Message:
    """The answer to whoever lifts a freeze, with what still holds; *Lift* is offered for what others typed."""
    text = say("freezes.unfrozen", done=done)
    blocks = [section(text)]
    if done.lifted and done.left:
        blocks.append(section(say("freezes.unfrozen_left", count=len(done.left))))
    for one in done.left[: sizes.FREEZES_TO_LIFT]:
        sure = confirm("Lift this freeze?", say("freezes.lift_sure", one=one), "Lift", danger=True)
        lift = button("Lift", LIFT, value(z=one.id), "danger", sure)
        blocks += [rich.rich_text(_line(one)), actions(f"freeze-{one.id}", lift)]
    if done.beyond:
        what = [
            f"{one.kind} freeze {cut(one.name, 100)} until {say_with_zone(one.ends, zone)}"
            for one in done.beyond[: sizes.FREEZES_TO_LIFT]
        ]
        blocks.append(context(say("freezes.unfrozen_beyond", name=done.service_name, what=what)))
    return Message(text=text, blocks=blocks)


def render_news(news: FreezeNews) -> Message:
    """What a service's channel is told."""
    text = say("freezes.news", news=news)
    blocks: list[Block] = [section(text), rich.rich_text(_reason(news))]
    if news.what != LIFTED:
        blocks.append(context(say("freezes.news_means", news=news)))
    return Message(text=text, blocks=blocks)


def render_notice(notice: FreezeNotice) -> Message:
    """What the thread of a release is told; *Edit* moves its window."""
    deploying = notice.state == State.DEPLOYING
    mentions = notice.mentions[: sizes.MENTIONS]
    text = say("freezes.notice", notice=notice, mentions=mentions, deploying=deploying)
    blocks: list[Block] = [section(text)]
    if notice.news.what in (BEGUN, LONGER):
        blocks.append(rich.rich_text(_reason(notice.news)))
        if not deploying:
            edit = button("Edit", EDIT, value(r=notice.release_id, n=notice.round))
            blocks.append(actions("verbs", edit))
    return Message(text=text, blocks=blocks)


def _reason(news: FreezeNews) -> Element:
    return rich.quote(news.reason)


def _lines(freezes: Sequence[FreezeShown]) -> Block:
    return rich.rich_text(rich.bullets(*map(_line, freezes[: sizes.FREEZES_TO_LIFT])))


def _line(one: FreezeShown) -> Element:
    return rich.line(
        rich.emoji(signs.FREEZE), " until ", rich.date(one.ends_at), f", by {one.by}: {cut(one.reason, 150)}"
    )
