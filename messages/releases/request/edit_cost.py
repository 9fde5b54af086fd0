"""What an edit would cost, said in its form before anybody saves it."""

from messages.kit.blocks import Block, context, section
from messages.kit.text import say
from models.releases.request.records import EditCost
from models.text import listed


def cost_blocks(cost: EditCost | None) -> list[Block]:
    """Whose approvals it costs, whether its editor can still approve, and where too few people would remain.

    Nothing where it costs nobody anything.
    """
    if cost is None:
        return []
    said = say("request.edit_cost", cost=cost, people=listed(cost.approvals))
    blocks: list[Block] = [section(said)] if said else []
    if cost.refusal:
        blocks.append(section(say("request.edit_refusal", cost=cost)))
    always, spelled = (listed(fields) for fields in (cost.always, cost.unless_spelling))
    if blocks and (always or spelled):
        blocks.append(context(say("request.material", always=always, spelled=spelled)))
    return blocks
