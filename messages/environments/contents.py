"""What is in an environment: lines, further pages, and the modal in which people say it."""

from collections.abc import Sequence

from messages.environments.booking_lines import DAY
from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, modal, paragraph, section, value
from messages.kit.inputs import input_block, text_area
from messages.kit.text import cut, say
from models.environments.records import ContentLine, EnvironmentRecord, TestData
from models.limits import DETAIL_LIMIT

MORE_CONTENTS = "environment:more_contents"

SAY = "environment:say_contents"

CONTENTS_FORM = f"{SAY}_form"


def contents_lines(environment: EnvironmentRecord) -> list[Element]:
    """Test data, the first page of versions, and versions that present bookings asked for."""
    parts = [rich.line(rich.words("What is in it", bold=True))]
    lines = [_content(one) for one in environment.contents[: sizes.CONTENTS_PAGE]]
    data = environment.test_data
    if data:
        lines.insert(0, rich.line(rich.words("Test data: ", bold=True), cut(data.name, 200), *_since(data)))
    for one in environment.asked_for[: sizes.VERSIONS_ASKED_FOR]:
        asked = f"{one.holder_name} asked for: "
        lines.append(rich.line(rich.words(asked, bold=True), cut(" ".join(one.versions.split()), 200)))
    if not lines:
        return [*parts, rich.line("Nothing has been recorded yet: deployments and bookings record it.")]
    return [*parts, rich.bullets(*lines)]


def more_contents(name: str, key: str, lines: Sequence[ContentLine], offset: int) -> Message:
    """A further page of what is in an environment."""
    page = lines[offset : offset + sizes.CONTENTS_PAGE]
    last = offset + len(page)
    text = say("environments.contents", name=name, first=offset + 1, last=last, count=len(lines))
    blocks: list[Block] = [section(text)]
    if page:
        blocks.append(rich.rich_text(rich.bullets(*[_content(one) for one in page])))
    if last < len(lines):
        blocks.append(actions("more", button("More of its content", MORE_CONTENTS, value(e=key, o=last))))
    return Message(text=text, blocks=blocks)


def contents_form(name: str, key: str, test_data: str) -> View:
    """*What is in it*, with the ``test_data`` that is known."""
    versions = text_area(limit=DETAIL_LIMIT, placeholder="pay-api 9.2.0")
    hint = "An item or service and its version, one a line. A dash for the version takes it out."
    return modal(
        CONTENTS_FORM,
        "What is in it",
        [
            section(say("environments.contents_intro", name=name)),
            input_block("versions", "Versions", versions, optional=True, hint=hint),
            input_block("test_data", "Test data", text_area(test_data, DETAIL_LIMIT), optional=True),
        ],
        submit="Record",
        metadata={"e": key},
    )


def contents_said(name: str, key: str) -> Message:
    """The answer to the person who said what is in an environment."""
    return paragraph(say("environments.contents_recorded", name=name, key=key))


def _since(data: TestData) -> list[Element | str]:
    how = "asked for" if data.asked_for else "said"
    return [f" - {how} by {data.person_name}, since ", rich.date(data.since, DAY)]


def _content(one: ContentLine) -> Element:
    elements: list[Element | str] = [one.name, " ", rich.words(one.version, code=True)]
    if one.release and one.release != one.version:
        elements += [" by ", rich.words(one.release, code=True)]
    if one.said_by:
        elements.append(f", said by {one.said_by},")
    elements += [" since ", rich.date(one.since, DAY)] if one.since else [" as the catalog says"]
    return rich.line(*elements)
