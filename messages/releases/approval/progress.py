"""How far the approvals of a release are, as pieces of the lines of its card."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Element
from models.catalog.roles import role_word, role_words
from models.limits import COMMENT_LIMIT
from models.releases.approval.records import Bypass, GivenApproval, LateApprovals, RoleProgress

COMMENT_SHOWN = 200
"""Characters of a comment on the card; *Details* has the rest."""


def progress_elements(progress: Sequence[RoleProgress]) -> list[Element | str]:
    """``release manager 1 of 1, owner 0 of 1``, with the people it waits for, who are mentioned."""
    elements: list[Element | str] = []
    for role in progress:
        missing = len(role.approved_by) < role.needed
        words = f"{role_word(role.role)} {len(role.approved_by)} of {role.needed}"
        elements += [", " if elements else " - ", rich.words(words, bold=missing)]
        if role.approved_by:
            elements.append(f" ({', '.join(role.approved_by)})")
        if role.waiting:
            elements.append(" (")
            for index, subject in enumerate(role.waiting[: sizes.MENTIONS]):
                elements += [", " if index else "", rich.person(subject)]
            more = len(role.waiting) - sizes.MENTIONS
            elements.append(f" and {more} more)" if more > 0 else ")")
    return [one for one in elements if one != ""]


def approval_parts(approvals: Sequence[GivenApproval]) -> list[Element]:
    """``Approved by Rita (release manager, Nov 24 10:05), Olga (...)``, and what they said with it."""
    if not approvals:
        return []
    shown = approvals[: sizes.CARD_APPROVALS]
    elements: list[Element | str] = [rich.words("Approved by ", bold=True)]
    for index, one in enumerate(shown):
        elements += [", " if index else "", f"{one.person} ({role_words(one.roles)}, "]
        elements += [rich.date(one.at, "{date_short_pretty} {time}"), ")"]
    if len(approvals) > len(shown):
        elements.append(f" and {len(approvals) - len(shown)} more")
    parts = [rich.line(*(one for one in elements if one != ""))]
    said = [one for one in shown if one.comment]
    parts += [rich.quote(f"{one.person}: {' '.join(one.comment.split())}", COMMENT_SHOWN) for one in said]
    return parts


def approval_details(approvals: Sequence[GivenApproval]) -> list[Element]:
    """Every approval in full: in which role, when, why the person may, and what they said."""
    if not approvals:
        return []
    parts = [rich.line(rich.words("Approvals", bold=True))]
    for one in approvals[: sizes.DETAILS_APPROVALS]:
        later = ", after it was approved" if one.later else ""
        said = f" - {one.person} {one.entitled}{later}"
        role = rich.words(f"{one.person}", bold=True)
        when = rich.date(one.at, "{date_long_pretty} {time}")
        parts.append(rich.line(role, f" as {role_words(one.roles)}, ", when, said))
        if one.comment:
            parts.append(rich.quote(one.comment, COMMENT_LIMIT))
    more = len(approvals) - sizes.DETAILS_APPROVALS
    return [*parts, rich.line(f"and {more} more")] if more > 0 else parts


def bypass_elements(bypass: Bypass) -> list[Element | str]:
    """That somebody broke the glass, even after a change has voided what they approved."""
    said = rich.words(f"Approved without its approvals by {bypass.person}", bold=True)
    return [said, ", before it was changed"] if bypass.earlier else [said]


def later_approval_elements(late: LateApprovals) -> list[Element | str]:
    """``Approvals afterwards - owner 0 of 1 ... until Fri``, with the people it waits for, who are mentioned."""
    elements: list[Element | str] = [rich.words("Approvals afterwards", bold=True)]
    elements += progress_elements(late.progress)
    if late.completed_at:
        return [*elements, " - complete, but late" if late.late else " - complete"]
    until = rich.date(late.due_at, "{date_long_pretty} {time}")
    return [*elements, " - late since " if late.late else " - until ", until]
