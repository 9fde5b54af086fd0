"""Reading what messages tell of typed freezes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.catalog.roles import RELEASE_MANAGER
from models.freezes.in_force import ALL
from models.freezes.records import service_words
from models.lifecycle.access import holders_that_answer
from models.lifecycle.identifiers import load_release
from models.people.directory import name_of


@dataclass(frozen=True, slots=True)
class FreezeNews:
    """What somebody did to a freeze: ``what`` is ``begun``, ``longer``, ``shorter``, ``reworded`` or ``lifted``.

    ``key`` is the service's, or ``all``. ``maker`` is the Slack id of whoever typed a freeze that another person
    lifted. ``before`` is when it would have ended.
    """

    what: str
    key: str
    service_name: str
    person: str
    maker: str
    until: datetime
    before: datetime
    reason: str

    @property
    def everything(self) -> bool:
        """Whether it is about all services."""
        return self.key == "all"


@dataclass(frozen=True, slots=True)
class FreezeNotice:
    """The same in the thread of an open release; ``news.what`` may be ``free``, too: its window is free again.

    ``mentions`` are the Slack ids of its release managers.
    """

    news: FreezeNews
    release_id: int
    round: int
    identifier: str
    state: str
    mentions: tuple[str, ...]


async def freeze_news(session: AsyncSession, catalog: Catalog, facts: Mapping[str, Any]) -> FreezeNews:
    """From the ``facts`` of the event."""
    person, maker = str(facts["person"]), str(facts.get("made_by") or "")
    until = datetime.fromisoformat(str(facts["until"]))
    service = str(facts["service"])
    return FreezeNews(
        what=str(facts["what"]),
        key="all" if service == ALL else service,
        service_name=service_words(catalog, service),
        person=await name_of(session, person),
        maker=maker if maker != person else "",
        until=until,
        before=datetime.fromisoformat(str(facts.get("before") or facts["until"])),
        reason=str(facts["grounds"]),
    )


async def freeze_notice(
    session: AsyncSession, catalog: Catalog, release_id: int, facts: Mapping[str, Any]
) -> FreezeNotice:
    release = await load_release(session, release_id)
    return FreezeNotice(
        news=await freeze_news(session, catalog, facts),
        release_id=release_id,
        round=release.round,
        identifier=release.identifier,
        state=release.state,
        mentions=holders_that_answer(catalog.by_key.get(release.service), (RELEASE_MANAGER,)),
    )
