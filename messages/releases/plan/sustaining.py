"""The people who keep the service running during a deployment: the line that names them, and the modal."""

from collections.abc import Sequence

from messages.kit import sizes, slack_limits
from messages.kit.blocks import Element, View, modal, plain_text, section
from messages.kit.inputs import input_block
from messages.kit.text import Markup, cut, say
from messages.releases.plan.task_form import ShownPlan
from models.limits import SUSTAINING_LIMIT

SUSTAINING = "plan:sustaining"

SUSTAINING_FORM = "plan:sustaining_form"


def sustaining(people: Sequence[str]) -> Markup:
    """The sustaining people by name, or that nobody is named."""
    shown = [cut(name, 30) for name in people[: sizes.SUSTAINING_PEOPLE]]
    return say("plan.sustaining", people=shown, more=max(len(people) - sizes.SUSTAINING_PEOPLE, 0))


def sustaining_form(release_id: int, identifier: str, people: Sequence[str], shown: ShownPlan) -> View:
    """*Sustaining people*, with those who are named."""
    menu: Element = {
        "type": "multi_users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose people", slack_limits.PLACEHOLDER),
        "max_selected_items": SUSTAINING_LIMIT,
    }
    if people:
        menu["initial_users"] = list(people)
    return modal(
        SUSTAINING_FORM,
        "Sustaining people",
        [
            section(say("plan.sustaining_intro", identifier=identifier)),
            input_block("people", "Sustaining people", menu, optional=True),
        ],
        submit="Save",
        metadata={"r": release_id, "was": list(people), **shown},
    )
