"""How far the approvals of a release are, as pieces of the lines of its card."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Element
from models.catalog.roles import role_word
from models.releases.approval.records import Bypass, LateApprovals, RoleProgress


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
