"""Two deployments that pipelines report: one of a release, and one that nobody had recorded."""

from datetime import datetime, timedelta

from bot.demo.steps import Story
from models.deployments.receive import receive_report
from models.deployments.report import Reported, ReportedOutcome, ReportSource
from models.deployments.webhook_formats import ARGOCD, GITHUB


async def report_all(story: Story) -> None:
    """Report both, the last a few minutes ago."""
    await _from_github(story, story.day(-1, 17), "hotfix/price-rounding", "Round prices to the cent")
    await _from_argocd(story, story.today - timedelta(minutes=5))


async def _from_github(story: Story, at: datetime, ref: str, title: str) -> None:
    reported = Reported(
        provider=GITHUB,
        reference="harbour/web-shop#4711",
        source=ReportSource("repository", "harbour/web-shop"),
        environments=("production",),
        outcome=ReportedOutcome.SUCCEEDED,
        version=f"{ref} (5d1c0fe)",
        title=title,
        mentions=(ref, title),
        at=at,
    )
    await _take(story, reported, at)


async def _from_argocd(story: Story, at: datetime) -> None:
    reported = Reported(
        provider=ARGOCD,
        reference="web-shop-prod#9f2c1a4e77b0",
        source=ReportSource("application", "web-shop-prod"),
        environments=(),
        outcome=ReportedOutcome.SUCCEEDED,
        version="basket-5.3 (9f2c1a4e77b0)",
        at=at,
    )
    await _take(story, reported, at)


async def _take(story: Story, reported: Reported, at: datetime) -> None:
    story.at(at + timedelta(minutes=1))
    await receive_report(story.work, reported)
