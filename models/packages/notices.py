"""Which messages the events of a package call for: the card shows what changed since the last release."""

from models.events import Event
from models.lifecycle.message_keys import refresh_card
from models.outbox import Rule
from models.packages.events import PackageCopied, PackageNodeAdded, PackageNodeChanged, PackageNodeRemoved

RULES: dict[type[Event], tuple[Rule, ...]] = {
    PackageNodeAdded: (refresh_card,),
    PackageNodeChanged: (refresh_card,),
    PackageNodeRemoved: (refresh_card,),
    PackageCopied: (refresh_card,),
}
