"""The buttons and the menu that move an approved release on."""

import json

from messages.kit.blocks import Element, button, confirm, option, overflow, value
from messages.kit.text import cut, say
from messages.releases.action_ids import (
    ACCEPT_HANDOVER,
    ACCEPT_TESTS,
    BACK_OUT,
    CRITERIA,
    GO,
    HAND_OVER,
    MARK_DEPLOYED,
    MORE,
    NO_GO,
    RECORD_BUILD,
    RECORD_TEST_RESULT,
    RETIRE,
    REVIEW,
    SEND_BACK,
    START_BUILD,
    START_DEPLOYMENT,
    START_SUPPORT,
    START_TEST,
    TESTS,
    VERIFY,
)
from models.home.waiting_steps import WaitingStep
from models.lifecycle.lifecycle import State, Verb
from models.releases.activities.records import ActivityProgress
from models.releases.card.records import ReleaseCard

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
"""The captions of verbs that can be the next one."""

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
"""Their action ids."""


def activity_buttons(card: ReleaseCard, details: Element) -> list[Element]:
    """The next verb first, the rare ones in the menu."""
    progress = card.activities or ActivityProgress()
    data = value(r=card.id, n=card.round)
    next_ = [next_button(progress.next, card, data)] if progress.next else []
    beside = _beside(card, progress, data)
    shows_criteria = bool(progress.open_criteria) and len(beside) < 2 and State(card.state) != State.APPROVED
    criteria = [button("Criteria", CRITERIA, data)] if shows_criteria else []
    shows_tests = any(one["action_id"] == TESTS for one in beside)
    menu = overflow(MORE, _rare(card, data, criteria=not shows_criteria, tests=not shows_tests))
    return [*next_, *beside, *criteria, details, *([menu] if menu else [])]


def next_button(verb: Verb, about: ReleaseCard | WaitingStep, data: str) -> Element:
    """The button of a verb that a release waits for."""
    return button(CAPTIONS[verb], ACTIONS[verb], data, "primary", _sure(about, verb))


def _beside(card: ReleaseCard, progress: ActivityProgress, data: str) -> list[Element]:
    """What else may be done: two buttons at most."""
    state = State(card.state)
    found: list[tuple[str, str]] = []
    if state is State.APPROVED and progress.emergency:
        found = [("Start build", START_BUILD)]
    elif state is State.BUILDING and progress.built:
        found = [("Record build", RECORD_BUILD)]
    elif state is State.TESTING:
        tested = progress.next is Verb.ACCEPT_TESTS
        found = [("Record test result", RECORD_TEST_RESULT) if tested else ("Accept tests", ACCEPT_TESTS)]
        if not progress.open_criteria:  # what the test shows is entered with *Criteria*, which takes this place
            found.append(("Tests", TESTS))
    elif state is State.READY:
        found = [("No go", NO_GO), ("Tests", TESTS)]
    elif state is State.EARLY_LIFE_SUPPORT and progress.offered:
        found = [("Send back", SEND_BACK)]
    beside = [button(caption, action, data) for caption, action in found]
    return beside + _out_of_production(card, progress, data)


def _out_of_production(card: ReleaseCard, progress: ActivityProgress, data: str) -> list[Element]:
    if card.state in (State.DEPLOYING, State.DEPLOYED):
        return [button("Back out", BACK_OUT, data, "danger")]
    if card.state == State.HANDED_OVER and progress.reviewed:
        sure = confirm("Retire this release?", say("activities.retire_confirm", card=card), "Retire it", "Keep it")
        return [button("Retire", RETIRE, data, None, sure)]
    return []


def _rare(card: ReleaseCard, data: str, *, criteria: bool, tests: bool) -> list[Element]:
    """Five at most. Cancelling isn't among them: *Details* has the button, which asks once more."""
    state = State(card.state)
    do: list[tuple[str, str]] = [("Plan", "plan"), ("Package", "package")]
    do += [("Criteria", "criteria")] if criteria else []
    do += [("Tests", "tests")] if tests else []
    if state is State.TESTING:
        do.append(("Record build", "record_build"))
    if state is State.EARLY_LIFE_SUPPORT:
        do.append(("Back out", "back_out"))
    if state in (State.APPROVED, State.BUILDING, State.TESTING, State.READY):
        do.append(("Edit", "edit"))
    return [option(label, with_verb(data, verb)) for label, verb in do]


def rare_verb(data: str) -> str:
    """The verb that an entry of the menu carries."""
    return str(json.loads(data)["do"])


def with_verb(data: str, verb: str) -> str:
    """What an entry of the menu carries."""
    return f'{data[:-1]},"do":"{verb}"}}'


def _sure(card: ReleaseCard | WaitingStep, verb: Verb) -> Element | None:
    name = cut(card.identifier, 60)
    if verb is Verb.START_DEPLOYMENT:
        return confirm(f"Start deploying {name}?", say("activities.start_confirm", card=card), "Start")
    if verb is Verb.GO:
        return confirm(f"Go for {name}?", say("activities.go_confirm", card=card), "Go")
    return None
