"""The tests of a release, component by component, and the modals of strategy, result and verdict."""

from collections.abc import Mapping

from messages.kit import rich, signs, sizes, slack_limits
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    modal,
    option,
    section,
    value,
)
from messages.kit.inputs import input_block, multi_select, select, text_area, text_input
from messages.kit.text import cut, say
from messages.releases.action_ids import ACCEPT_TESTS, RECORD_TEST_RESULT
from models.lifecycle.lifecycle import STOPPED, State
from models.limits import COMPONENT_LIMIT
from models.releases.activities.records import ComponentLine, ReleaseTests
from models.releases.activities.test_verdict import ComponentState

STRATEGY = "testing:strategy"

RECORD_FAILURE = "testing:record_known_error"

STRATEGY_FORM = "testing:strategy_form"

RESULT_FORM = "testing:result_form"

VERDICT_FORM = "testing:verdict_form"

_WORDS = {
    ComponentState.PASSED: "passed",
    ComponentState.EXCUSED: "failed, lives with its known error",
    ComponentState.NO_WORKAROUND: "failed, its known error has no workaround",
    ComponentState.RESOLVED: "failed, its known error is resolved: test again",
    ComponentState.FAILED: "failed",
}


def tests(found: ReleaseTests) -> Message:
    """Strategy, results and verdict, with what can be done about them."""
    bad = [one for one in found.components if one.standing is ComponentState.FAILED]
    passed = sum(one.standing is ComponentState.PASSED for one in found.components)
    text = say("activities.tests", found=found, passed=passed, failed=len(found.components) - passed)
    blocks: list[Block] = [section(text), *_strategy(found)]
    shown = bad[: sizes.FAILED_COMPONENTS]
    for one in shown:
        blocks.append(rich.rich_text(_component(one)))
        if found.state not in STOPPED:
            data = value(t=one.id, r=found.release_id)
            blocks.append(actions(f"test-{one.id}", button("Record a known error", RECORD_FAILURE, data)))
    others = [one for one in found.components if one.standing is not ComponentState.FAILED]
    others = others[-sizes.OTHER_COMPONENTS :]
    if others:
        blocks.append(rich.rich_text(rich.bullets(*[_component(one) for one in others])))
    hidden = len(found.components) - len(others) - len(shown)
    if hidden:
        blocks.append(context(say("activities.tests_hidden", hidden=hidden)))
    blocks += _verdict(found)
    return Message(text=text, blocks=[*blocks, *_verbs(found)])


def tests_view(found: ReleaseTests) -> View:
    """The same in a modal."""
    return modal("tests", "Tests", tests(found).blocks, close="Close", metadata={"r": found.release_id})


def strategy_form(release_id: int, identifier: str, strategy: str, plan: str) -> View:
    """*Test strategy and plan*, with what is written so far."""
    tested, tester = "What is tested, how far, and why.", "Who tests what, where and when."
    return modal(
        STRATEGY_FORM,
        "Test strategy and plan",
        [
            section(say("activities.strategy_intro", identifier=identifier)),
            input_block("strategy", "Test strategy", text_area(strategy), hint=tested),
            input_block("plan", "Test plan", text_area(plan), optional=True, hint=tester),
        ],
        submit="Save",
        metadata={"r": release_id},
    )


def result_form(release_id: int, identifier: str, nonce: str, components: Mapping[str, str]) -> View:
    """The result of one component; ``nonce`` makes submitting it twice harmless.

    ``components`` are those of the package, words by key. Without any there is only the name to write.
    """
    results = [option("passed", "passed"), option("failed", "failed")]
    return modal(
        RESULT_FORM,
        "Record test result",
        [
            section(say("activities.result_intro", identifier=identifier)),
            *_component_inputs(components),
            input_block("result", "Result", select("value", results, None, "Choose")),
            input_block("note", "Note or link", text_area(), optional=True, hint="A failure needs one."),
            input_block(
                "known_error",
                "Known error",
                text_input(max_length=40, placeholder="KE-12"),
                optional=True,
                hint="The known error that explains a failure, if it is recorded already.",
            ),
        ],
        submit="Record",
        metadata={"r": release_id, "f": nonce},
    )


def _component_inputs(components: Mapping[str, str]) -> list[Block]:
    name = text_input(max_length=COMPONENT_LIMIT)
    if not components:
        return [input_block("component", "Component", name)]
    options = [option(words, key) for key, words in components.items()]
    menu = select("value", options, None, "Choose one of the package")
    hint = "One that isn't in the package. The result says so."
    return [
        input_block("component", "Component", menu, optional=True),
        input_block("another", "Another component", name, optional=True, hint=hint),
    ]


def verdict_form(found: ReleaseTests) -> View:
    """*Accept tests*: fit for purpose, fit for use, and the services that were looked at."""
    purpose = "What shows that it does what it is for."
    use = "What shows that it is available, fast and safe enough."
    blocks = [
        section(say("activities.verdict_intro", found=found)),
        input_block("purpose", "Fit for purpose", text_area(), hint=purpose),
        input_block("use", "Fit for use", text_area(), hint=use),
    ]
    if found.affected:
        options = [option(name, key) for key, name in found.affected[: slack_limits.MENU_OPTIONS]]
        menu = multi_select(options, options)
        hint = "Proposed from what depends on what."
        blocks.append(input_block("services", "Services looked at", menu, optional=True, hint=hint))
    return modal(VERDICT_FORM, "Accept tests", blocks, submit="Accept tests", metadata={"r": found.release_id})


def _strategy(found: ReleaseTests) -> list[Block]:
    parts: list[Element] = []
    for title, text in (("Test strategy", found.strategy), ("Test plan", found.plan)):
        if text:
            parts += [rich.line(rich.words(title, bold=True)), rich.quote(text, 500)]
    return [rich.rich_text(*parts)] if parts else []


def _verdict(found: ReleaseTests) -> list[Block]:
    if not found.accepted_by:
        return []
    looked = f" - looked at {', '.join(found.looked_at)}" if found.looked_at else ""
    return [
        rich.rich_text(
            rich.line(rich.words(f"Accepted by {found.accepted_by}", bold=True), cut(looked, 500)),
            rich.line(rich.words("Fit for purpose", bold=True)),
            rich.quote(found.purpose, 500),
            rich.line(rich.words("Fit for use", bold=True)),
            rich.quote(found.use, 500),
        )
    ]


def _verbs(found: ReleaseTests) -> list[Block]:
    if found.state in STOPPED:
        return []
    data = value(r=found.release_id, n=found.round)
    buttons = [button("Test strategy", STRATEGY, data)]
    if found.state == State.TESTING:
        buttons = [
            button("Record test result", RECORD_TEST_RESULT, data, "primary"),
            button("Accept tests", ACCEPT_TESTS, data),
            *buttons,
        ]
    return [actions("verbs", *buttons)]


def _component(one: ComponentLine) -> Element:
    sign, words = signs.COMPONENTS[one.standing], _WORDS[one.standing]
    elements: list[Element | str] = [rich.emoji(sign), " ", rich.words(one.component, bold=True), f" - {words}"]
    if one.outside:
        elements.append(" (not in the package)")
    if one.known_error:
        elements += [" ", rich.words(one.known_error, code=True)]
    elements += [f" - {one.person} ", rich.date(one.at, "{date_short_pretty} {time}")]
    if one.note:
        elements.append(f": {cut(' '.join(one.note.split()), 80)}")
    return rich.line(*elements)
