from dataclasses import dataclass

from models.releases.request.content_changes import ContentChange


@dataclass(frozen=True, slots=True)
class EditCost:
    """What a material change by one person would cost, by the rules of the round.

    ``approvals`` are the names of those who have approved; ``approved`` if the release is past its approvals.
    ``always`` and ``unless_spelling`` are the material fields in words. ``author`` if the person couldn't approve
    it any more; ``refusal`` says why they may only move the window and correct spelling, and who may do the rest.
    """

    approvals: tuple[str, ...] = ()
    approved: bool = False
    always: tuple[str, ...] = ()
    unless_spelling: tuple[str, ...] = ()
    author: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ContentNews:
    """What is new in a release since ``mentioned``, Slack ids of people and groups, or others decided on it.

    ``apart`` are the names of those of its editors who don't decide on it themselves; ``resubmitted_by`` is a name,
    if it was sent back or had expired.
    """

    identifier: str
    title: str
    mentioned: tuple[str, ...]
    editors: tuple[str, ...]
    apart: tuple[str, ...]
    changes: tuple[ContentChange, ...]
    resubmitted_by: str = ""
