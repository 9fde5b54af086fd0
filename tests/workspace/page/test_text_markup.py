"""mrkdwn, plain text, emoji, rich text and Markdown as the page shows them."""

from typing import Any

import pytest

from bot.workspace.page.rendering.emoji import character
from bot.workspace.page.rendering.markdown import markdown
from bot.workspace.page.rendering.mrkdwn import label_of, mrkdwn, text_object
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.rich_text import rich_text

LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow" dir="auto">{1}</a>'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*bold* _it_ ~gone~ `code`", "<b>bold</b> <i>it</i> <s>gone</s> <code>code</code>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("a*b*c snake_case_name 2 * 3 * 4", "a*b*c snake_case_name 2 * 3 * 4"),
        ("* not * _ this _", "* not * _ this _"),
        ("*over\ntwo lines*", "*over<br>two lines*"),
        ("`*a*` and `<b>`", "<code>*a*</code> and <code>&lt;b&gt;</code>"),
        ("```\n*a* :rocket:\n```", '<pre dir="auto"><code>*a* :rocket:</code></pre>'),
        ("&gt; one\n&gt; two\nthree", '<blockquote dir="auto">one<br>two</blockquote>three'),
        ("&gt;&gt;&gt;one\ntwo", '<blockquote dir="auto">one<br>two</blockquote>'),
        ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
        ("&amp;lt;", "&amp;lt;"),
        ("<https://a.example|see *this*>", LINK.format("https://a.example", "see *this*")),
        (
            "see https://a.example/x_y_z.",
            "see " + LINK.format("https://a.example/x_y_z", "https://a.example/x_y_z") + ".",
        ),
        ("<mailto:a@b.example>", LINK.format("mailto:a@b.example", "a@b.example")),
        ("<javascript:alert(1)|click>", "&lt;javascript:alert(1)|click&gt;"),
        ("<@U1>", '<span class="mention mention-me" data-user="U1">@<bdi>Ann Archer</bdi></span>'),
        ("<@U2|bob>", '<span class="mention" data-user="U2">@<bdi>Bob &lt;b&gt;</bdi></span>'),
        ("<@U9>", '<span class="mention" data-user="U9">@<bdi>U9</bdi></span>'),
        ("<#C1>", '<a class="mention" href="/as/U1/C1">#<bdi>payments</bdi></a>'),
        ("<#C9|secret>", '<span class="mention">#<bdi>secret</bdi></span>'),
        ("<!subteam^S1>", '<span class="mention">@<bdi>managers</bdi></span>'),
        (
            "<!here> <!channel>",
            '<span class="mention mention-me">@here</span> <span class="mention mention-me">@channel</span>',
        ),
        ("<!unknown|words>", "words"),
        (":rocket: :nope:", '<span class="emoji" title=":rocket:">🚀</span> :nope:'),
        ("10:00-12:00", "10:00-12:00"),
    ],
)
def test_mrkdwn_reads_as_in_slack(reader: Reader, written: str, shown: str) -> None:
    assert mrkdwn(written, reader) == shown


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("<!date^1795597200^{date_short_pretty} at {time}|x>", "Tomorrow at 10:00"),
        ("<!date^1795510800^{date_pretty}|x>", "Today"),
        ("<!date^1795424400^due {date_short_pretty}|x>", "due yesterday"),
        ("<!date^1795856400^{date_long}|x>", "Saturday, November 28th, 2026"),
        ("<!date^1795856400^{date_num} {time_secs}|x>", "2026-11-28 10:00:00"),
        ("<!date^1795856400^{date_short}|x>", "Nov 28, 2026"),
        ("<!date^1795521600^{ago}|x>", "in 3 hours"),
        ("<!date^1782291600^{time}|summer>", "11:00"),
        ("<!date^1795856400^{nonsense}|x>", "{nonsense}"),
        ("<!date^soon^{date}|next week>", "next week"),
        ("<!date^99999999999999999^{date}|never>", "never"),
    ],
)
def test_dates_are_written_in_the_readers_own_zone(reader: Reader, token: str, shown: str) -> None:
    assert mrkdwn(token, reader).striptags() == shown


HOSTILE = [
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><img src=x onerror=alert(1)>',
    "*<img src=x onerror=alert(1)>*",
    '<https://a.example/"onmouseover=alert(1)|<b>x</b>>',
    "`<script>`",
    "```</code></pre><script>alert(1)</script>```",
    "{{ 7 * 7 }} {% raw %}",
    "<@U1|</span><script>>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_becomes_markup(reader: Reader, text: str) -> None:
    for shown in (
        mrkdwn(text, reader),
        markdown(text, reader),
        text_object({"type": "plain_text", "text": text}, reader),
    ):
        assert "<script" not in shown
        assert "<img" not in shown
        assert '"onmouseover' not in shown


@pytest.mark.parametrize(
    "piece",
    ["*a ", "*`a`", " _", "<", "`", "*", "```", "*:a", "*a `b", " *a `b` :c: <d>", "~<@U1>", "https://a*", "[a]("],
)
def test_ten_thousand_hostile_characters_are_drawn_whole(reader: Reader, piece: str) -> None:
    """A search that backtracks over them would not end."""
    text = piece * (10_000 // len(piece))
    for shown in (mrkdwn(text, reader), markdown(text, reader)):
        assert shown.unescape().count("a") >= piece.count("a") * (10_000 // len(piece))


def test_bare_addresses_stay_text_where_the_app_says_verbatim(reader: Reader) -> None:
    assert "<a " not in text_object({"type": "mrkdwn", "text": "https://a.example", "verbatim": True}, reader)


def test_plain_text_keeps_its_signs_and_turns_emoji_only_where_wanted(reader: Reader) -> None:
    assert text_object({"type": "plain_text", "text": "*a* :x:\nb", "emoji": False}, reader) == "*a* :x:<br>b"
    assert "❌" in text_object({"type": "plain_text", "text": ":x:"}, reader)
    assert label_of({"type": "plain_text", "text": ":x: no"}) == "❌ no"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("large_yellow_circle", "🟡"),
        ("white_check_mark", "✅"),
        ("warning", "⚠️"),
        ("rocket", "🚀"),
        ("+1", "👍"),
        ("latin_small_letter_a", None),
        ("no_such_thing", None),
    ],
)
def test_shortcodes_are_known_by_table_or_by_unicode_name(name: str, sign: str | None) -> None:
    assert character(name) == sign


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "text", "text": "<b>", "style": {"bold": True, "code": True}}, "<b><code>&lt;b&gt;</code></b>"),
        ({"type": "text", "text": "*a* <@U1>"}, "*a* &lt;@U1&gt;"),
        ({"type": "user", "user_id": "U1"}, "@<bdi>Ann Archer</bdi>"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@<bdi>managers</bdi>"),
        ({"type": "channel", "channel_id": "C1"}, 'href="/as/U1/C1"'),
        ({"type": "emoji", "name": "tada"}, "🎉"),
        ({"type": "emoji", "name": "our_own"}, ":our_own:"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, '<div class="rt" dir="auto">x</div>'),
        ({"type": "link", "url": "https://a.example"}, 'href="https://a.example"'),
        ({"type": "date", "timestamp": 1795597200, "format": "{date_pretty}", "fallback": "x"}, ">Tomorrow</time>"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "color", "value": '#fff"x'}, "#fff&#34;x"),
        ({"type": "wormhole"}, "unsupported wormhole"),
    ],
)
def test_rich_text_elements_are_drawn(reader: Reader, element: dict[str, Any], shown: str) -> None:
    assert shown in rich_text(section(element), reader)


def test_rich_text_lists_keep_their_numbers_and_depth(reader: Reader) -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [item]},
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "border": 1, "elements": [item]},
        ],
    }
    shown = rich_text(block, reader)
    assert '<ol class="rt rt-list indent-0" start="3"><li dir="auto">x</li></ol>' in shown
    assert '<ul class="rt rt-list indent-1 rt-bordered">' in shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# Title", "<h3>Title</h3>"),
        ("**b** *i* __b2__ _i2_ ~~s~~ `c*d*`", "<b>b</b> <i>i</i> <b>b2</b> <i>i2</i> <s>s</s> <code>c*d*</code>"),
        ("[x](https://a.example)", LINK.format("https://a.example", "x")),
        ("[x](javascript:alert(1))", "x"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("- [x] done", '<span class="marker">☑ </span>done'),
        ("2. two", '<span class="marker">2. </span>two'),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<th>a</th><th>b</th>"),
        ("```py\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("---", "<hr>"),
        ("<@U1>", "@<bdi>Ann Archer</bdi>"),
    ],
)
def test_markdown_blocks_read_as_markdown(reader: Reader, written: str, shown: str) -> None:
    assert shown in markdown(written, reader)
