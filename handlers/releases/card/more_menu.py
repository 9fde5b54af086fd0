"""The card's menu of rare verbs: each does what its button does elsewhere."""

from handlers.dispatch.answers import Answer
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import Handler, action
from handlers.releases.activities.build import ask_what_was_built
from handlers.releases.activities.criteria import show_criteria
from handlers.releases.activities.deploy import ask_why_backed_out
from handlers.releases.activities.test import show_tests
from handlers.releases.approval.decide import ask_for_comment, withdraw
from handlers.releases.package.show import open_package
from handlers.releases.plan.plan import open_plan
from handlers.releases.request.cancel import cancel
from handlers.releases.request.edit import open_edit
from handlers.releases.request.supersede import ask_by_which
from messages.releases.action_ids import MORE

VERBS: dict[str, Handler] = {
    "plan": open_plan,
    "package": open_package,
    "cancel": cancel,  # of cards that were shown before it went from the menu
    "edit": open_edit,
    "comment": ask_for_comment,
    "withdraw": withdraw,
    "supersede": ask_by_which,
    "criteria": show_criteria,
    "tests": show_tests,
    "record_build": ask_what_was_built,
    "back_out": ask_why_backed_out,
}


@action(MORE)
async def do_rare_verb(desk: Desk, incoming: Incoming) -> Answer:
    return await VERBS[str(incoming.value.get("do"))](desk, incoming)
