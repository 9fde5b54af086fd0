"""Releases that a menu offers, narrowed down by what somebody types into it."""

from dataclasses import dataclass

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.lifecycle import STOPPED
from models.lifecycle.tables.release import Release

CHOICES_LIMIT = 50


@dataclass(frozen=True, slots=True)
class ReleaseChoice:
    id: int
    identifier: str
    title: str


async def releases_like(
    session: AsyncSession, service: str, typed: str, *, going_on: bool = False
) -> list[ReleaseChoice]:
    """The newest releases whose identifier or title contains ``typed``; an empty ``service`` means all.

    ``going_on`` leaves out those that have been stopped.
    """
    query = select(Release.id, Release.identifier, Release.title)
    if service:
        query = query.where(col(Release.service) == service)
    if going_on:
        query = query.where(col(Release.state).not_in(STOPPED))
    part = " ".join(typed.lower().split())
    if part:
        named = col(Release.name).contains(part, autoescape=True)
        titled = func.lower(col(Release.title)).contains(part, autoescape=True)
        query = query.where(or_(named, titled))
    rows = await session.exec(query.order_by(col(Release.id).desc()).limit(CHOICES_LIMIT))
    return [ReleaseChoice(*row) for row in rows.all()]
