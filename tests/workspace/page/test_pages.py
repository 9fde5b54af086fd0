"""Pages as a browser gets them: who sees what, and under which headers."""

from datetime import timedelta

import aiohttp
import pytest

from bot.workspace.page.acts import as_sent
from bot.workspace.workspace import Workspace
from tests.workspace.page.conftest import mrkdwn, post

OPEN = "/as/U0ANN/C0OPEN"


async def text_of(browser: aiohttp.ClientSession, address: str) -> str:
    async with browser.get(address) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_the_front_door_leads_to_somebodys_first_channel(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as answer:
        assert answer.url.path == OPEN


async def test_pages_allow_no_script_but_their_own(browser: aiohttp.ClientSession) -> None:
    async with browser.get(OPEN) as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = await answer.text()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "style=" not in html
    assert "onclick" not in html


async def test_everything_a_page_refers_to_is_served_from_here(browser: aiohttp.ClientSession) -> None:
    html = await text_of(browser, OPEN)
    for address in ("/static/page.css", "/static/blocks.css", "/static/vendor/htmx.min.js", "/static/js/page.js"):
        assert address in html
        async with browser.get(address) as answer:
            assert answer.status == 200


async def test_an_unread_channel_is_marked_until_it_is_looked_at(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    post(workspace, "news")
    elsewhere = await text_of(browser, "/as/U0ANN/C0OTHER")
    assert '<span class="badge">1<span class="sr-only"> unread</span></span>' in elsewhere
    await text_of(browser, OPEN)
    assert '<span class="badge">' not in await text_of(browser, "/as/U0ANN/C0OTHER")


async def test_a_conversation_out_of_sight_is_not_read(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    post(workspace, "news")
    async with browser.get(f"{OPEN}/part/messages", headers={"Page-Hidden": "true"}):
        assert workspace.unread("U0ANN", "C0OPEN") == 1
    await text_of(browser, f"{OPEN}/part/messages")
    assert workspace.unread("U0ANN", "C0OPEN") == 0


async def test_an_ephemeral_message_is_seen_by_its_reader_alone(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    post(workspace, "just for you", ephemeral_to="U0ANN")
    ann = await text_of(browser, OPEN)
    assert "just for you" in ann
    assert "Only visible to you" in ann
    assert "just for you" not in await text_of(browser, "/as/U0BOB/C0OPEN")


async def test_a_private_channel_is_shut_to_others(browser: aiohttp.ClientSession) -> None:
    assert "private" in await text_of(browser, "/as/U0ANN/C0PRIV")
    async with browser.get("/as/U0BOB/C0PRIV") as answer:
        assert answer.url.path == "/as/U0BOB/C0OPEN", "whoever one acts as next arrives somewhere"
    async with browser.get("/as/U0BOB/C0PRIV/part/messages") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("address", ["/as/U0CARL/C0OPEN", "/as/U0BOT/C0OPEN", "/as/nobody", f"{OPEN}/part/secrets"])
async def test_nobody_acts_as_the_app_the_gone_or_the_unknown(browser: aiohttp.ClientSession, address: str) -> None:
    async with browser.get(address) as answer:
        assert answer.status == 404


async def test_times_are_the_acting_persons_own(browser: aiohttp.ClientSession, workspace: Workspace) -> None:
    message = post(
        workspace, blocks=[{"type": "section", "block_id": "s", "text": mrkdwn("<!date^1795856400^{time}|x>")}]
    )
    assert ">10:00</time>" in await text_of(browser, OPEN)
    bobs = await text_of(browser, "/as/U0BOB/C0OPEN")
    assert ">04:00</time>" in bobs
    assert f'data-ts="{message.ts}"' in bobs


async def test_days_are_parted_and_messages_in_one_breath_drawn_together(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    post(workspace, "first")
    post(workspace, "second")
    await workspace.clock.move(by=timedelta(days=1))
    post(workspace, "third")
    html = await text_of(browser, OPEN)
    assert html.count('class="day"') == 2
    assert "<span>Yesterday</span>" in html
    assert "<span>Today</span>" in html
    assert html.count("is-compact") == 1


async def test_a_thread_opens_beside_its_channel(browser: aiohttp.ClientSession, workspace: Workspace) -> None:
    parent = post(workspace, "the card")
    post(workspace, "a reply", thread_ts=parent.ts)
    channel = await text_of(browser, OPEN)
    assert "a reply" not in channel
    assert f'href="/as/U0ANN/C0OPEN?thread={parent.ts}#thread"><span' in channel
    opened = await text_of(browser, f"{OPEN}?thread={parent.ts}")
    assert "a reply" in opened
    assert "1 reply" in opened
    async with browser.get(f"{OPEN}/part/replies?thread={parent.ts}") as answer:
        assert "a reply" in await answer.text()


async def test_a_reply_that_is_also_sent_to_the_channel_leads_to_its_thread(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    parent = post(workspace, "the card")
    post(workspace, "also here", thread_ts=parent.ts, broadcast=True)
    html = await text_of(browser, OPEN)
    assert "also here" in html
    assert f'Replied to <a href="/as/U0ANN/C0OPEN?thread={parent.ts}#thread">a thread</a>' in html


async def test_a_long_conversation_begins_with_its_end(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    for number in range(70):
        post(workspace, f"message {number}.")
    html = await text_of(browser, OPEN)
    assert "message 69." in html
    assert "message 9." not in html
    assert 'href="/as/U0ANN/C0OPEN?shown=240"' in html
    assert "message 0." in await text_of(browser, f"{OPEN}?shown=240")


async def test_hostile_words_are_shown_as_they_were_typed(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    typed = "<script>alert(1)</script> {{ 7*7 }} \u202eevil <!channel> @bob &amp;"
    async with browser.post(f"{OPEN}/say", data={"text": typed}) as answer:
        assert answer.status == 204
    html = await text_of(browser, OPEN)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in html
    assert "&lt;!channel&gt;" in html
    assert "&amp;amp;" in html
    assert "<bdi>Bob Baker</bdi>" in html
    assert "<script>alert" not in html


def test_typed_names_become_what_they_name(workspace: Workspace) -> None:
    assert as_sent(workspace, "@bob see #open, a@bob.example @nobody #nowhere") == (
        "<@U0BOB> see <#C0OPEN>, a@bob.example @nobody #nowhere"
    )


async def test_a_direct_conversation_opens_when_it_is_wanted(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    html = await text_of(browser, OPEN)
    assert 'href="/as/U0ANN/with/U0BOB"' in html
    async with browser.get("/as/U0ANN/with/U0BOB") as answer:
        assert answer.url.path == f"/as/U0ANN/{workspace.direct('U0ANN', 'U0BOB').id}"
        assert "between you and <bdi>Bob Baker</bdi>" in await answer.text()


async def test_another_site_can_neither_post_nor_look(browser: aiohttp.ClientSession) -> None:
    async with browser.post(
        f"{OPEN}/say", data={"text": "x"}, headers={"Origin": "https://evil.example"}
    ) as answer:
        assert answer.status == 403
    async with browser.get(OPEN, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_the_clock_moves_and_says_when_nothing_is_due(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    before = workspace.clock.now()
    async with browser.post("/clock", data={"by": "day"}):
        assert workspace.clock.now() - before >= timedelta(days=1)
    async with browser.post("/clock", data={"by": "due"}) as answer:
        assert "Nothing is due" in answer.headers["HX-Trigger"]


async def test_faults_are_switched_on_and_off(browser: aiohttp.ClientSession, workspace: Workspace) -> None:
    async with browser.post("/faults", data={"kind": "slow", "target": "chat.*", "times": ""}):
        (fault,) = workspace.faults.all()
    assert (fault.kind, fault.target, fault.times) == ("slow", "chat.*", None)
    assert "1 on" in await text_of(browser, "/as/U0ANN/traffic")
    async with browser.post("/faults", data={"remove": str(fault.id)}):
        assert workspace.faults.all() == []
    async with browser.post("/faults", data={"kind": "earthquake"}) as answer:
        assert "earthquake" in answer.headers["HX-Trigger"]
