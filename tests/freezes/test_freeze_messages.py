"""What people are told of typed freezes, with hostile text."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from messages.freezes import frozen, render_news, render_notice, unfrozen
from models.catalog.freezes import FreezeInForce
from models.freezes.freeze import Frozen
from models.freezes.lift import Unfrozen
from models.freezes.queries import FreezeNews, FreezeNotice
from models.freezes.records import FreezeShown
from models.lifecycle.lifecycle import OPEN, State
from tests.conftest import MORNING
from tests.slack_limits import HOSTILE, active_markup, assert_valid_message

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

UNTIL = MORNING + timedelta(days=1, hours=8)

SHOWN = FreezeShown(1, "PAY", HOSTILE[:60], MORNING, UNTIL, HOSTILE, HOSTILE[:60])

NEWS = FreezeNews("begun", "PAY", HOSTILE[:60], HOSTILE[:60], "", UNTIL, UNTIL + timedelta(days=1), HOSTILE)

NOTICE = FreezeNotice(NEWS, 7, 1, "PAY-2026.014", "ready", ("U0RITA",))


@pytest.mark.parametrize("outcome", ["begun", "longer", "shorter", "reworded", "same"])
def test_the_answer_says_the_end_with_its_zone(outcome):
    message = frozen(Frozen(outcome, SHOWN, ("PAY-2026.001",) * 50, (SHOWN,) * 50), AMSTERDAM)
    assert_valid_message(message)
    assert "until Wed 25 Nov 2026 18:00 UTC+1 (Europe/Amsterdam)" in message.text
    assert active_markup(message) == []


@pytest.mark.parametrize("what", ["begun", "longer", "shorter", "reworded", "lifted"])
@pytest.mark.parametrize("key", ["PAY", "all"])
def test_the_channel_is_told_what_happened(what, key):
    message = render_news(replace(NEWS, what=what, key=key))
    assert_valid_message(message)
    assert (f"/release unfreeze {key}" in str(message.blocks)) is (what != "lifted")
    assert [one for one in active_markup(message) if "<!date" not in one] == []


def test_whoever_typed_a_freeze_that_another_person_lifted_is_mentioned():
    assert "<@U0OLGA>" in active_markup(render_news(replace(NEWS, what="lifted", maker="U0OLGA")))


@pytest.mark.parametrize("what", ["begun", "longer", "shorter", "free", "lifted"])
@pytest.mark.parametrize("state", OPEN)
def test_the_thread_is_told_what_it_means_for_the_release_and_the_manager_is_mentioned(what, state):
    message = render_notice(replace(NOTICE, news=replace(NEWS, what=what), state=state))
    assert_valid_message(message)
    assert message.text.startswith("<@U0RITA>")
    deploying = state == State.DEPLOYING
    assert ("This deployment goes on" in message.text) is (what == "begun" and deploying)
    offered = [
        one["text"]["text"] for block in message.blocks for one in block.get("elements", ()) if "value" in one
    ]
    assert offered == (["Edit"] if what in ("begun", "longer") and not deploying else [])


@pytest.mark.parametrize("lifted", [SHOWN, None])
@pytest.mark.parametrize("service", ["PAY", ""])
def test_the_answer_to_lifting_offers_what_others_typed_and_says_what_still_holds(lifted, service):
    still = FreezeInForce(HOSTILE, "hard", MORNING, UNTIL, "typed:3")
    message = unfrozen(
        Unfrozen(service, HOSTILE[:60], lifted, tuple(replace(SHOWN, id=n) for n in range(12)), (still,) * 3),
        AMSTERDAM,
    )
    assert_valid_message(message)
    assert str(message.blocks).count("freeze:lift") == 10
    assert "UTC+1 (Europe/Amsterdam)" in str(message.blocks)
    assert active_markup(message) == []
