"""How far an approved release is, as lines of its card."""

from messages.kit import rich, sizes
from messages.kit.blocks import Element
from messages.kit.text import cut
from messages.releases.activities.verbs import CAPTIONS
from models.lifecycle.lifecycle import State
from models.releases.activities.records import ActivityProgress
from models.releases.card.records import ReleaseCard

_ACTIVITIES = ("Plan", "Build", "Test", "Deploy", "ELS", "Handed over")

_REACHED = {
    State.APPROVED: 0,
    State.BUILDING: 1,
    State.TESTING: 2,
    State.READY: 2,
    State.DEPLOYING: 3,
    State.DEPLOYED: 3,
    State.EARLY_LIFE_SUPPORT: 4,
    State.HANDED_OVER: 5,
}


def progress_lines(card: ReleaseCard) -> list[Element]:
    """The bar, what the release waits for, the build and the go."""
    progress = card.activities
    if progress is None:
        return []
    parts = [bar(card.state), waits_for(progress)]
    if progress.build:
        parts.append(rich.line(rich.words("Build: ", bold=True), cut(progress.build, 200)))
    if progress.go:
        parts.append(rich.line(f"Go by {progress.go_by}"))
    return [part for part in parts if part]


def bar(state: str) -> Element | None:
    """``Plan - Build - **Test** - Deploy - ELS - Handed over``; None before approval and after a stop."""
    reached = _REACHED.get(State(state))
    if reached is None:
        return None
    elements: list[Element | str] = []
    for index, name in enumerate(_ACTIVITIES):
        elements += [" - "] if index else []
        elements.append(rich.words(name, bold=index == reached))
    return rich.line(*elements)


def waits_for(progress: ActivityProgress) -> Element | None:
    """The next verb, the people who may take it, who are mentioned, and what its gate still asks for."""
    if progress.next is None:
        return None
    elements: list[Element | str] = ["Waits for ", rich.words(CAPTIONS[progress.next], bold=True)]
    for index, subject in enumerate(progress.waits_for[: sizes.MENTIONS]):
        elements += [", " if index else ": ", rich.person(subject)]
    more = len(progress.waits_for) - sizes.MENTIONS
    elements += [f" and {more} more"] if more > 0 else []
    elements += [f" - {cut('; '.join(progress.lacking), 500)}"] if progress.lacking else []
    return rich.line(*elements)
