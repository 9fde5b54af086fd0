"""The Web API through Slack's own client."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from tests.workspace.conftest import make_workspace

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "1"}
BLOCKS = [
    {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "*Hello*"}},
    {"type": "actions", "block_id": "row", "elements": [BUTTON]},
]


async def error_of(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    return str(caught.value.response["error"])


async def test_a_posted_message_is_seen_by_the_people_of_its_channel(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="C0OPEN", text="Hello", blocks=BLOCKS)
    (seen,) = workspace.messages_in("C0OPEN", "U0ANN")
    assert (seen.ts, seen.text, seen.blocks, seen.bot_id) == (answer["ts"], "Hello", BLOCKS, "B0BOT")
    assert answer["message"]["bot_profile"]["name"] == "Helper"
    assert workspace.unread("U0ANN", "C0OPEN") == 1
    workspace.mark_read("U0ANN", "C0OPEN")
    assert workspace.unread("U0ANN", "C0OPEN") == 0


async def test_a_message_to_a_person_lands_in_their_direct_conversation(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    opened = await client.conversations_open(users="U0ANN")
    answer = await client.chat_postMessage(channel="U0ANN", text="psst")
    assert answer["channel"] == opened["channel"]["id"]
    assert [one.text for one in workspace.messages_in(answer["channel"], "U0ANN")] == ["psst"]
    assert workspace.messages_in(answer["channel"], "U0BOB") == []


async def test_replies_stand_in_the_thread_and_not_in_the_channel_unless_broadcast(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    parent = (await client.chat_postMessage(channel="C0OPEN", text="parent"))["ts"]
    reply = (await client.chat_postMessage(channel="C0OPEN", text="reply", thread_ts=parent))["ts"]
    await client.chat_postMessage(channel="C0OPEN", text="nested", thread_ts=reply)
    await client.chat_postMessage(channel="C0OPEN", text="loud", thread_ts=parent, reply_broadcast=True)
    assert [one.text for one in workspace.messages_in("C0OPEN", "U0BOB")] == ["parent", "loud"]
    replies = await client.conversations_replies(channel="C0OPEN", ts=parent)
    assert [one["text"] for one in replies["messages"]] == ["parent", "reply", "nested", "loud"]
    assert replies["messages"][0]["reply_count"] == 3


async def test_an_update_keeps_what_it_does_not_name_and_marks_the_message_edited(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C0OPEN", text="one", blocks=BLOCKS))["ts"]
    await client.chat_update(channel="C0OPEN", ts=ts, text="two")
    (seen,) = workspace.messages_in("C0OPEN", "U0ANN")
    assert (seen.text, seen.blocks) == ("two", BLOCKS)
    assert seen.edited is not None
    await client.chat_update(channel="C0OPEN", ts=ts, text="three", blocks=[])
    assert workspace.messages_in("C0OPEN", "U0ANN")[0].blocks == []


async def test_an_ephemeral_message_is_seen_by_its_reader_alone(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postEphemeral(channel="C0OPEN", user="U0ANN", text="for you"))["message_ts"]
    assert [one.text for one in workspace.messages_in("C0OPEN", "U0ANN")] == ["for you"]
    assert workspace.messages_in("C0OPEN", "U0BOB") == []
    assert (await client.conversations_history(channel="C0OPEN"))["messages"] == []
    assert await error_of(client.chat_update(channel="C0OPEN", ts=ts, text="x")) == "message_not_found"


async def test_metadata_comes_back_when_it_is_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "posted", "event_payload": {"key": "7"}}
    await client.chat_postMessage(channel="C0OPEN", text="hi", metadata=metadata)
    plain = await client.conversations_history(channel="C0OPEN")
    full = await client.conversations_history(channel="C0OPEN", include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_history_is_read_newest_first_page_by_page(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel="C0OPEN", text=str(number))
    texts = []
    async for page in await client.conversations_history(channel="C0OPEN", limit=2):
        texts += [one["text"] for one in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"]
    newer = await client.conversations_history(channel="C0OPEN", oldest=page["messages"][0]["ts"])
    assert [one["text"] for one in newer["messages"]] == ["4", "3", "2", "1"]


async def test_timestamps_are_unique_and_rise(workspace: Workspace) -> None:
    stamps = [workspace.next_ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))
    assert all(len(one) == 17 and one[10] == "." for one in stamps)


async def test_people_and_groups_are_told_with_zone_name_and_status(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.change_person("ann", status_text="Away", status_emoji=":palm_tree:")
    user = (await client.users_info(user="U0ANN"))["user"]
    assert (user["tz"], user["profile"]["status_text"]) == ("Europe/Amsterdam", "Away")
    assert user["tz_offset"] in (3600, 7200)
    assert "email" not in user["profile"]
    members = [one["id"] async for page in await client.users_list(limit=2) for one in page["members"]]
    assert members == ["U0BOT", "U0ANN", "U0BOB", "U0CARL"]
    groups = await client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0ANN", "U0BOB"]
    assert (await client.usergroups_users_list(usergroup="S0TEAM"))["users"] == ["U0ANN", "U0BOB"]


async def test_the_token_says_who_it_belongs_to_and_what_it_may(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0BOT", "T0TEST")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_channels_are_listed_and_joined(workspace: Workspace, client: AsyncWebClient) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert {one["name"]: one["is_member"] for one in listed["channels"]} == {"open": True, "other": False}
    await client.conversations_join(channel="C0OTHER")
    assert (await client.conversations_info(channel="C0OTHER"))["channel"]["is_member"] is True
    assert (await client.conversations_members(channel="C0OTHER"))["members"] == ["U0ANN", "U0BOT"]


async def test_reactions_and_pins_happen_once(workspace: Workspace, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C0OPEN", text="hi"))["ts"]
    await client.reactions_add(channel="C0OPEN", timestamp=ts, name="eyes")
    await client.pins_add(channel="C0OPEN", timestamp=ts)
    assert workspace.messages_in("C0OPEN", "U0ANN")[0].reactions == {"eyes": ["U0BOT"]}
    again = client.reactions_add(channel="C0OPEN", timestamp=ts, name="eyes")
    assert await error_of(again) == "already_reacted"
    assert await error_of(client.pins_add(channel="C0OPEN", timestamp=ts)) == "already_pinned"
    await client.reactions_remove(channel="C0OPEN", timestamp=ts, name="eyes")
    assert workspace.messages_in("C0OPEN", "U0ANN")[0].reactions == {}


REFUSED = [
    ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0PRIV", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0OTHER", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
    ("chat.postMessage", {"channel": "U0CARL", "text": "x"}, "user_disabled"),
    ("chat.postMessage", {"channel": "C0OPEN"}, "no_text"),
    ("chat.postMessage", {"channel": "C0OPEN", "text": "x", "thread_ts": "1.1"}, "cannot_reply_to_message"),
    ("chat.postMessage", {"channel": "C0OPEN", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C0OPEN", "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "C0OPEN", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": "C0OPEN", "text": "x", "username": "Me"}, "missing_scope"),
    ("chat.postEphemeral", {"channel": "C0OPEN", "user": "U0NONE", "text": "x"}, "user_not_found"),
    ("chat.postEphemeral", {"channel": "C0OPEN", "user": "U0CARL", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C0OTHER", "user": "U0ANN", "text": "x"}, "not_in_channel"),
    ("chat.update", {"channel": "C0OPEN", "ts": "1.1", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C0OPEN", "ts": "1.1"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C0OPEN", "message_ts": "1.1"}, "message_not_found"),
    ("views.open", {"view": {"type": "modal"}}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_trigger_id"),
    ("views.update", {"view_id": "V1", "view": {"type": "modal"}}, "not_found"),
    ("views.publish", {"user_id": "U0NONE", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("users.info", {"user": "U0NONE"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "ann@test.example"}, "missing_scope"),
    ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ("conversations.history", {"channel": "C0OTHER"}, "not_in_channel"),
    ("conversations.replies", {"channel": "C0OPEN", "ts": "1.1"}, "thread_not_found"),
    ("conversations.list", {"types": "clubs"}, "invalid_types"),
    ("conversations.list", {"cursor": "nonsense!"}, "invalid_cursor"),
    ("conversations.open", {"users": "U0CARL"}, "user_disabled"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("chat.sing", {}, "unknown_method"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_refuses_in_slacks_words(
    client: AsyncWebClient, method: str, args: dict[str, object], error: str
) -> None:
    assert await error_of(client.api_call(method, json=args)) == error


async def test_refuses_to_change_what_others_wrote(workspace: Workspace, client: AsyncWebClient) -> None:
    said = await workspace.say("ann", "open", "mine")
    assert await error_of(client.chat_update(channel="C0OPEN", ts=said.ts, text="x")) == "cant_update_message"
    assert await error_of(client.chat_delete(channel="C0OPEN", ts=said.ts)) == "cant_delete_message"


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_refuses_a_wrong_token(workspace: Workspace, token: str, error: str) -> None:
    stranger = AsyncWebClient(token=token, base_url=f"{workspace.base_url}/api/")
    assert await error_of(stranger.chat_postMessage(channel="C0OPEN", text="x")) == error


async def test_a_missing_scope_says_which(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.users_lookupByEmail(email="ann@test.example")
    assert caught.value.response["needed"] == "users:read.email"
    assert "chat:write" in caught.value.response["provided"]


async def test_invalid_blocks_say_what_and_where(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0OPEN", text="x", blocks=[{"type": "header"}])
    (line,) = caught.value.response["response_metadata"]["messages"]
    assert line == "[ERROR] missing required field: text [json-pointer:/blocks/0]"


async def test_too_much_text_in_all_blocks_is_too_long(client: AsyncWebClient) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}
    await client.chat_postMessage(channel="C0OPEN", text="x", blocks=[section] * 4)
    too_much = client.chat_postMessage(channel="C0OPEN", text="x", blocks=[section] * 5)
    assert await error_of(too_much) == "msg_blocks_too_long"


async def test_text_is_cut_off_at_forty_thousand_characters(workspace: Workspace, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C0OPEN", text="x" * 40_001))["ts"]
    assert len(workspace.messages_in("C0OPEN", "U0ANN")[0].text) == 40_000
    assert await error_of(client.chat_update(channel="C0OPEN", ts=ts, text="x" * 40_001)) == "msg_too_long"


async def test_forms_work_like_json(workspace: Workspace) -> None:
    async with aiohttp.ClientSession() as session:
        form = {"token": workspace.app.bot_token, "channel": "C0OPEN", "text": "form", "blocks": "[]"}
        async with session.post(f"{workspace.base_url}/api/chat.postMessage", data=form) as answer:
            assert (await answer.json())["ok"] is True
    assert workspace.messages_in("C0OPEN", "U0ANN")[0].text == "form"


async def test_too_many_messages_in_a_channel_are_told_to_wait() -> None:
    workspace = make_workspace(rate_multiplier=1.0)
    async with serve(workspace) as address:
        client = AsyncWebClient(token=workspace.app.bot_token, base_url=address)
        statuses, waits = [], set()
        for _ in range(8):
            try:
                statuses.append((await client.chat_postMessage(channel="C0OPEN", text="x")).status_code)
            except SlackApiError as refused:
                statuses.append(refused.response.status_code)
                waits.add((refused.response["error"], refused.response.headers["Retry-After"]))
        assert statuses[:5] == [200] * 5
        assert 429 in statuses
        assert waits == {("ratelimited", "1")}
        await client.chat_postMessage(channel="U0ANN", text="another channel has its own measure")


async def test_blocks_are_validated_without_a_token(workspace: Workspace) -> None:
    stranger = AsyncWebClient(base_url=f"{workspace.base_url}/api/")
    assert (await stranger.api_call("blocks.validate", json={"blocks": BLOCKS}))["ok"] is True
    with pytest.raises(SlackApiError) as caught:
        await stranger.api_call("blocks.validate", json={"message": {"blocks": [{"type": "header"}]}})
    assert caught.value.response["errors"][0]["pointer"] == "/blocks/0"
    assert await error_of(stranger.api_call("blocks.validate", json={})) == "invalid_arguments"


async def test_the_traffic_shows_calls_without_secrets(workspace: Workspace, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0OPEN", text="hi")
    connect = AsyncWebClient(base_url=f"{workspace.base_url}/api/")
    await connect.apps_connections_open(app_token=workspace.app.app_token)
    shown = str([one.shown() for one in workspace.traffic])
    assert "chat.postMessage" in shown
    assert "ticket=***" in shown
    assert workspace.app.bot_token not in shown
    assert workspace.app.app_token not in shown
