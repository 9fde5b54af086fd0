"""Notices about windows in the release's thread, and the list of those that were past at the upgrade."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, section, value
from messages.kit.text import cut, say
from messages.releases.action_ids import BACK_OUT, EXTEND, MARK_DEPLOYED, RESCHEDULE
from models.releases.windows.records import PastWindows, WindowNotice


def render(notice: WindowNotice) -> Message:
    """One notice; people who have to act are mentioned, and the newest has the buttons."""
    text = say("windows.notice", notice=notice, mentions=notice.mentions[: sizes.CHASED_MENTIONS])
    blocks: list[Block] = [section(text)]
    if notice.kind == "ahead":
        blocks += _ahead(notice)
    if notice.obstacles:
        lines = [rich.line(cut(one, 400)) for one in notice.obstacles[: sizes.FORM_FINDINGS]]
        blocks.append(rich.rich_text(rich.bullets(*lines)))
    if notice.reason:
        blocks.append(rich.rich_text(rich.quote(notice.reason, 2500)))
    buttons = window_buttons(notice.kind, notice.release_id, notice.round) if notice.asks else []
    if buttons:
        blocks.append(actions("verbs", *buttons))
    return Message(text=text, blocks=blocks)


def window_buttons(kind: str, release_id: int, round_: int) -> list[Element]:
    """What a missed or overrun window asks for, the likeliest first."""
    data = value(r=release_id, n=round_)
    if kind == "missed":
        return [button("Reschedule", RESCHEDULE, data, "primary")]
    if kind in ("overrun", "overrunning"):
        return [
            button("Mark deployed", MARK_DEPLOYED, data, "primary"),
            button("Back out", BACK_OUT, data, "danger"),
            button("Extend", EXTEND, data),
        ]
    return []


def render_past(found: PastWindows) -> Message:
    """Nobody is mentioned: these windows had passed before anybody watched them."""
    text = say("windows.past", count=len(found.releases))
    lines = [
        rich.line(
            rich.words(one.identifier, code=True),
            " ",
            rich.words(cut(one.title, 60), bold=True),
            f" - {'still deploying, its window' if one.deploying else 'its window'} ended ",
            rich.date(one.window_end, "{date_short_pretty} {time}"),
        )
        for one in found.releases[: sizes.FULL_SCHEDULE_RELEASES]
    ]
    return Message(text=text, blocks=[section(text), *rich.bullet_lists(lines)])


def _ahead(notice: WindowNotice) -> list[Block]:
    """Who does what, and what is still open."""
    lines = [rich.line(rich.words("Deploys: ", bold=True), notice.deployers or "nobody is named")]
    shown = notice.tasks[: sizes.FORM_FINDINGS]
    lines += [rich.line(rich.words(f"{cut(one.title, 200)}: ", bold=True), one.owner) for one in shown]
    if notice.open:
        lines.append(rich.line(rich.words("Still open: ", bold=True), cut("; ".join(notice.open), 900)))
    return [rich.rich_text(rich.bullets(*lines))]
