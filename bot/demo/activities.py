"""The story's steps from approval to review, each by somebody in the right role."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from bot.demo.steps import Story, by
from models.lifecycle.tables.activities import ComponentTest, Criterion
from models.releases.activities.build import record_build, start_build, start_test
from models.releases.activities.gates import ENTRY, EXIT, MET, SUPPORT
from models.releases.activities.go_no_go import say_go
from models.releases.activities.handover import (
    accept_handover,
    offer_handover,
    review_release,
    start_early_life_support,
    verify_deployment,
)
from models.releases.activities.settle_criterion import settle_criterion
from models.releases.activities.test import ResultForm, accept_tests, record_result, write_strategy
from models.support.forms import KnownErrorForm
from models.support.recording import record_known_error

_EVIDENCE = {
    ENTRY: "Seen with the change manager: https://wiki.harbour.example/changes",
    EXIT: "Handed to first line: https://wiki.harbour.example/support",
    SUPPORT: "Looked through with operations on the last day of support",
}


@dataclass(frozen=True, slots=True)
class Crew:
    """Who builds, tests, deploys and supports a service's releases."""

    service: str
    builder: str
    deployer: str
    components: tuple[str, ...]
    tester: str = "U0TOM"
    lead: str = "U0LENA"
    operations: str = "U0OMAR"
    manager: str = "U0RITA"


PAY = Crew("PAY", "U0BEN", "U0DANA", ("pay-api", "pay-db"))
WEB = Crew("WEB", "U0SAM", "U0SAM", ("shop front", "basket service"))


async def build(story: Story, release: int, crew: Crew, revision: str) -> None:
    """Start the build, and record it two hours later."""
    await start_build(story.work, by(crew.builder), release)
    story.at(story.clock.moment + timedelta(hours=2))
    fields = {
        "what": ", ".join(crew.components),
        "source": f"git.harbour.example/{crew.components[0].replace(' ', '-')}",
        "revision": revision,
        "artefact": f"https://artefacts.harbour.example/{crew.service.lower()}/{revision}",
        "checked": "Installed on a clean host; smoke tests passed.",
    }
    await record_build(story.work, by(crew.builder, "modal"), release, fields, story.nonce())


async def put_to_test(story: Story, release: int, crew: Crew) -> None:
    """Settle the entry criteria and hand the build to test."""
    strategy = "What the change touches in full, the rest by the nightly suite."
    plan = "Two days in the test environment, half a day in staging."
    await write_strategy(story.work, by(crew.tester, "modal"), release, strategy, plan)
    await settle(story, release, ENTRY, crew.tester)
    story.at(story.clock.moment + timedelta(minutes=30))
    await start_test(story.work, by(crew.builder), release)


async def run_tests(story: Story, release: int, crew: Crew, *, fails: str = "") -> None:
    """Test every component; ``fails`` names one that does."""
    for component in crew.components:
        story.at(story.clock.moment + timedelta(minutes=40))
        result = "failed" if component == fails else "passed"
        note = "Times out under twice the usual load" if component == fails else ""
        form = ResultForm(component=component, result=result, note=note)
        await record_result(story.work, by(crew.tester, "modal"), release, form, story.nonce())


async def explain_failure(story: Story, release: int, crew: Crew, title: str, workaround: str) -> None:
    """Record the release's failed component as a known error."""
    async with story.work.reading() as snapshot:
        query = select(ComponentTest).where(col(ComponentTest.release_id) == release)
        failed = (await snapshot.session.exec(query.where(col(ComponentTest.passed).is_(False)))).one()
    form = KnownErrorForm(
        title=title,
        service=crew.service,
        symptom=failed.note,
        workaround=workaround,
        severity="low",
        release_id=release,
        test_id=failed.id,
    )
    await record_known_error(story.work, by(crew.tester, "modal"), form, story.nonce())


async def accept(story: Story, release: int, crew: Crew) -> None:
    """Settle the exit criteria and give the verdict."""
    await settle(story, release, EXIT, crew.tester)
    story.at(story.clock.moment + timedelta(minutes=30))
    purpose, use = "The acceptance cases pass.", "Holds twice the usual load."
    others = ["WEB"] if crew is PAY else ["PAY"]
    actor = by(crew.tester, "modal")
    await accept_tests(story.work, actor, release, purpose, use, others)


async def prepare(story: Story, release: int, crew: Crew, revision: str) -> None:
    """Everything from the build to the go."""
    await build(story, release, crew, revision)
    await put_to_test(story, release, crew)
    await run_tests(story, release, crew)
    await accept(story, release, crew)
    await say_go(story.work, by(crew.manager), release)


async def support(story: Story, release: int, crew: Crew) -> None:
    """Verify the deployment and begin early life support."""
    story.at(story.clock.moment + timedelta(minutes=30))
    await verify_deployment(story.work, by(crew.deployer), release)
    await start_early_life_support(story.work, by(crew.lead), release)


async def offer(story: Story, release: int, crew: Crew) -> None:
    """Settle the criteria of early life support and offer the release to operations."""
    await settle(story, release, SUPPORT, crew.lead)
    await offer_handover(story.work, by(crew.lead), release)


async def hand_over(story: Story, release: int, crew: Crew) -> None:
    """Hand over, and review the day after."""
    await offer(story, release, crew)
    story.at(story.clock.moment + timedelta(hours=3))
    await accept_handover(story.work, by(crew.operations), release)
    story.at(story.clock.moment + timedelta(days=1))
    review = "It does what it was for. Announce the next one a day earlier."
    await review_release(story.work, by(crew.manager, "modal"), release, "yes", review)


async def settle(story: Story, release: int, gate: str, person: str) -> None:
    """Meet the open criteria of a gate."""
    async with story.work.reading() as snapshot:
        query = select(Criterion.id).where(col(Criterion.release_id) == release, col(Criterion.gate) == gate)
        found = (await snapshot.session.exec(query.order_by(col(Criterion.position)))).all()
    for criterion in found:
        evidence = _EVIDENCE[gate]
        await settle_criterion(story.work, by(person, "modal"), criterion, MET, evidence)
