"""How each kind of value is written in the catalog, and the sentence about one that isn't."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from models.sources import check_pattern
from models.time.spans import TEN_YEARS, parse_offset, parse_span
from models.time.zones import parse_zone


def _zone(name: str) -> str:
    parse_zone(name)
    return name


def _span(text: str) -> str:
    parse_span(text)
    return text


def _some_time(text: str) -> str:
    if not parse_span(text).rough:
        raise ValueError("this has to be longer than nothing, for example 4h")
    return text


def _look_back(text: str) -> str:
    if parse_span(text).rough > TEN_YEARS:
        raise ValueError("figures look back ten years at most; write for example 30d")
    return text


def _offset(text: str) -> str:
    parse_offset(text)
    return text


def _like(pattern: str, sentence: str) -> AfterValidator:
    """``sentence`` says how to write a text that doesn't match ``pattern``."""
    expression = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not expression.fullmatch(text):
            raise ValueError(f"{text[:60]!r} is not {sentence}")
        return text

    return AfterValidator(check)


def _time_of_day(pattern: str) -> tuple[BeforeValidator, AfterValidator]:
    return BeforeValidator(_quoted_time), _like(pattern, 'a time of day; write it in quotes, for example "09:00"')


def _quoted_time(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):  # YAML 1.1 reads 09:00 as sixty times nine
        raise ValueError('a time of day stands in quotes, for example "09:00"')
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value[:60]!r} is not a day; write for example 2026-12-18") from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("this is not a day; write for example 2026-12-18")
    return value


def _source_pattern(text: str) -> str:
    check_pattern(text)
    return text


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError("this is empty; write a text")
    return line


Text = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_one_line)]

Name = Annotated[str, Field(min_length=1, max_length=75), AfterValidator(_one_line)]

Title = Annotated[str, Field(min_length=1, max_length=150), AfterValidator(_one_line)]

Version = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_one_line)]

SubjectId = Annotated[
    str,
    _like(
        r"[UWS][A-Z0-9]{1,20}",
        "a Slack id: a person's begins with U, a user group's with S, and Slack shows it in their profile",
    ),
]

PERSON_ID = re.compile(r"[UW][A-Z0-9]{1,20}", re.ASCII)

PersonId = Annotated[
    str, _like(PERSON_ID.pattern, "a person's Slack id: it begins with U, and Slack shows it in their profile")
]

ActorName = Annotated[
    str,
    _like(
        r"[a-z][a-z0-9_-]{0,19}:\S{1,100}",
        "the name that a tool calls somebody by; write the tool, a colon and the name, such as github:ann",
    ),
]

ChannelId = Annotated[
    str,
    _like(
        r"[CG][A-Z0-9]{1,20}", "the id of a channel; it begins with C, and Slack shows it in the channel's details"
    ),
]

Key = Annotated[
    str,
    _like(
        r"[A-Za-z][A-Za-z0-9_.-]{0,39}", "a key: up to 40 letters, digits, dots, - or _, beginning with a letter"
    ),
]

ServiceKey = Annotated[
    str, _like(r"[A-Z][A-Z0-9_-]{0,19}", "the key of a service: up to 20 capitals, digits, - or _, such as PAY")
]

Repository = Annotated[
    str,
    Field(max_length=255),
    _like(r"[\w.-]+(/[\w.-]+)+", "a repository with its owner, such as acme/payments"),
]

SourcePattern = Annotated[str, Field(max_length=255), AfterValidator(_source_pattern)]

TimeZone = Annotated[str, AfterValidator(_zone)]

Length = Annotated[str, AfterValidator(_span)]

SomeTime = Annotated[str, AfterValidator(_some_time)]

LookBack = Annotated[SomeTime, AfterValidator(_look_back)]

Due = Annotated[str, AfterValidator(_offset)]

TimeOfDay = Annotated[str, *_time_of_day(r"([01]\d|2[0-3]):[0-5]\d")]

EndOfWindow = Annotated[str, *_time_of_day(r"([01]\d|2[0-3]):[0-5]\d|24:00")]

Day = Annotated[date, BeforeValidator(_day)]

Count = Annotated[int, Field(strict=True, ge=1, le=1000)]

DayOfMonth = Annotated[int, Field(strict=True)]

Truth = Annotated[bool, Field(strict=True)]

Materiality = Literal["always", "unless_spelling", "never"]


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


KeyOrKeys = Annotated[tuple[Key, ...], BeforeValidator(_one_or_more)]

NameOrNames = Annotated[tuple[Name, ...], BeforeValidator(_one_or_more)]

Phase = Literal[
    "planning",
    "communication",
    "preparation",
    "training",
    "implementation",
    "verification",
    "back-out",
    "early_life_support",
]
