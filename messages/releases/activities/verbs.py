"""A release between approval and retirement: the activity bar, what it waits for, its verbs, and turning points."""

import json

from messages.kit import rich
from messages.kit.blocks import Element, Message, button, confirm, option, overflow, section, value
from messages.kit.text import cut, say
from models.home.steps import WaitingStep
from models.lifecycle.lifecycle import State, Verb
from models.releases.activities.records import ActivityProgress, Turn
from models.releases.card.records import ReleaseCard

START_BUILD = "release:start_build"

RECORD_BUILD = "release:record_build"

START_TEST = "release:start_test"

RECORD_TEST_RESULT = "release:record_test_result"

ACCEPT_TESTS = "release:accept_tests"

GO = "release:go"

NO_GO = "release:no_go"

START_DEPLOYMENT = "release:start_deployment"

MARK_DEPLOYED = "release:mark_deployed"

VERIFY = "release:verify"

BACK_OUT = "release:back_out"

START_SUPPORT = "release:start_early_life_support"

HAND_OVER = "release:hand_over"

ACCEPT_HANDOVER = "release:accept_handover"

SEND_BACK = "release:send_back"

REVIEW = "release:review"

RETIRE = "release:retire"

CRITERIA = "release:criteria"

TESTS = "release:tests"

MORE = "release:more"

ASKED = 5
"""How many people are mentioned at most."""

_BAR = ("Plan", "Build", "Test", "Deploy", "ELS", "Handed over")

_PLACE = {
    State.APPROVED: 0,
    State.BUILDING: 1,
    State.TESTING: 2,
    State.READY: 2,
    State.DEPLOYING: 3,
    State.DEPLOYED: 3,
    State.EARLY_LIFE_SUPPORT: 4,
    State.HANDED_OVER: 5,
}

CAPTIONS = {
    Verb.START_BUILD: "Start build",
    Verb.RECORD_BUILD: "Record build",
    Verb.START_TEST: "Start test",
    Verb.RECORD_TEST_RESULT: "Record test result",
    Verb.ACCEPT_TESTS: "Accept tests",
    Verb.GO: "Go",
    Verb.START_DEPLOYMENT: "Start deployment",
    Verb.MARK_DEPLOYED: "Mark deployed",
    Verb.VERIFY: "Verify",
    Verb.START_EARLY_LIFE_SUPPORT: "Start early life support",
    Verb.HAND_OVER: "Hand over",
    Verb.ACCEPT_HANDOVER: "Accept handover",
    Verb.REVIEW: "Review",
}
"""What the button of each next verb says."""

ACTIONS = {
    Verb.START_BUILD: START_BUILD,
    Verb.RECORD_BUILD: RECORD_BUILD,
    Verb.START_TEST: START_TEST,
    Verb.RECORD_TEST_RESULT: RECORD_TEST_RESULT,
    Verb.ACCEPT_TESTS: ACCEPT_TESTS,
    Verb.GO: GO,
    Verb.START_DEPLOYMENT: START_DEPLOYMENT,
    Verb.MARK_DEPLOYED: MARK_DEPLOYED,
    Verb.VERIFY: VERIFY,
    Verb.START_EARLY_LIFE_SUPPORT: START_SUPPORT,
    Verb.HAND_OVER: HAND_OVER,
    Verb.ACCEPT_HANDOVER: ACCEPT_HANDOVER,
    Verb.REVIEW: REVIEW,
}
"""The action of each of them."""


def bar(state: str) -> Element | None:
    """``Plan - Build - **Test** - Deploy - ELS - Handed over``; nothing before approval and after a stop."""
    place = _PLACE.get(State(state))
    if place is None:
        return None
    elements: list[Element | str] = []
    for index, name in enumerate(_BAR):
        elements += [" - "] if index else []
        elements.append(rich.words(name, bold=index == place))
    return rich.line(*elements)


def waiting(standing: ActivityProgress) -> Element | None:
    """What the release waits for and whom: they are mentioned, for they must act."""
    if standing.next is None:
        return None
    elements: list[Element | str] = ["Waits for ", rich.words(CAPTIONS[standing.next], bold=True)]
    for index, subject in enumerate(standing.waits_for[:ASKED]):
        elements += [", " if index else ": ", rich.person(subject)]
    more = len(standing.waits_for) - ASKED
    elements += [f" and {more} more"] if more > 0 else []
    elements += [f" - {cut('; '.join(standing.lacking), 500)}"] if standing.lacking else []
    return rich.line(*elements)


def lines(card: ReleaseCard) -> list[Element]:
    """The bar, what it waits for, the build and the go, as lines of the card."""
    standing = card.activities
    if standing is None:
        return []
    parts = [bar(card.state), waiting(standing)]
    if standing.build:
        parts.append(rich.line(rich.words("Build: ", bold=True), cut(standing.build, 200)))
    if standing.go:
        parts.append(rich.line(f"Go by {standing.go_by}"))
    return [part for part in parts if part]


def buttons(card: ReleaseCard, details: Element) -> list[Element | None]:
    """The verbs that mean something now, the next one first; the rare ones stand in the menu."""
    standing = card.activities or ActivityProgress()
    data = value(r=card.id, n=card.round)
    rows: list[Element | None] = [_next(card, standing, data)]
    beside = _beside(card, standing, data)
    shown_criteria = bool(standing.open_criteria) and len(beside) < 2 and State(card.state) != State.APPROVED
    criteria = button("Criteria", CRITERIA, data) if shown_criteria else None
    rows += [*beside, criteria, details, overflow(MORE, _rare(card, data, criteria=not shown_criteria))]
    return [one for one in rows if one]


def news(turn: Turn) -> Message:
    """A turning point for the thread, with the reason as it was given."""
    text = say("activities.turn", turn=turn)
    quoted = [rich.rich_text(rich.quote(turn.reason, 2500))] if turn.reason else []
    return Message(text=text, blocks=[section(text), *quoted])


def verb_button(verb: Verb, about: ReleaseCard | WaitingStep, data: str) -> Element:
    """The button of a next verb, wherever it stands."""
    return button(CAPTIONS[verb], ACTIONS[verb], data, "primary", _sure(about, verb))


def _next(card: ReleaseCard, standing: ActivityProgress, data: str) -> Element | None:
    return verb_button(standing.next, card, data) if standing.next else None


def _beside(card: ReleaseCard, standing: ActivityProgress, data: str) -> list[Element]:
    """What may be done as well, beside the next verb: two at most."""
    state = State(card.state)
    found: list[tuple[str, str]] = []
    if state is State.APPROVED and standing.emergency:
        found = [("Start build", START_BUILD)]
    elif state is State.BUILDING and standing.built:
        found = [("Record build", RECORD_BUILD)]
    elif state is State.TESTING and standing.next is Verb.ACCEPT_TESTS:
        found = [("Record test result", RECORD_TEST_RESULT), ("Tests", TESTS)]
    elif state is State.TESTING:
        found = [("Accept tests", ACCEPT_TESTS), ("Tests", TESTS)]
    elif state is State.READY:
        found = [("No go", NO_GO), ("Tests", TESTS)]
    elif state is State.EARLY_LIFE_SUPPORT and standing.offered:
        found = [("Send back", SEND_BACK)]
    beside = [button(caption, action, data) for caption, action in found]
    return beside + _grave(card, standing, data)


def _grave(card: ReleaseCard, standing: ActivityProgress, data: str) -> list[Element]:
    """What takes a release out of production."""
    if card.state in (State.DEPLOYING, State.DEPLOYED):
        return [button("Back out", BACK_OUT, data, "danger")]
    if card.state == State.HANDED_OVER and standing.reviewed:
        sure = confirm("Retire this release?", say("activities.retire_confirm", card=card), "Retire it", "Keep it")
        return [button("Retire", RETIRE, data, None, sure)]
    return []


def _rare(card: ReleaseCard, data: str, *, criteria: bool) -> list[Element]:
    """The menu: five at most. Cancelling is not in it: *Details* has the button, which asks once more."""
    state = State(card.state)
    do: list[tuple[str, str]] = [("Plan", "plan"), ("Package", "package")]
    do += [("Criteria", "criteria")] if criteria else []
    if state not in (State.TESTING, State.READY):
        do.append(("Tests", "tests"))
    if state is State.TESTING:
        do.append(("Record build", "record_build"))
    if state is State.EARLY_LIFE_SUPPORT:
        do.append(("Back out", "back_out"))
    if state in (State.APPROVED, State.BUILDING, State.TESTING, State.READY):
        do.append(("Edit", "edit"))
    return [option(label, _with_verb(data, verb)) for label, verb in do]


def rare_of(data: str) -> str:
    """The verb that an entry of the menu carries."""
    return str(json.loads(data)["do"])


def _with_verb(data: str, verb: str) -> str:
    return f'{data[:-1]},"do":"{verb}"}}'


def _sure(card: ReleaseCard | WaitingStep, verb: Verb) -> Element | None:
    name = cut(card.identifier, 60)
    if verb is Verb.START_DEPLOYMENT:
        return confirm(f"Start deploying {name}?", say("activities.start_confirm", card=card), "Start")
    if verb is Verb.GO:
        return confirm(f"Go for {name}?", say("activities.go_confirm", card=card), "Go")
    return None
