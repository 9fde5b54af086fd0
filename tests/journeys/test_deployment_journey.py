"""A deployment that a pipeline reports, as people meet it in Slack."""

from pathlib import Path

from bot.demo.run import demo
from models.deployments.receive import receive_report
from models.deployments.report import Reported
from models.deployments.webhook_formats import read_generic
from tests.deployments.bodies import body
from tests.journeys.conftest import Desk, be_patient


async def report(desk: Desk, name: str) -> None:
    """A pipeline put PAY into production just now."""
    moment = desk.workspace.clock.now().isoformat()
    reported = read_generic(body("generic", id=name, title=f"Build {name}", deployed_at=moment))
    assert isinstance(reported, Reported)
    await receive_report(desk.assembly.work, reported, name)


async def test_a_deployment_that_nobody_recorded_is_asked_about_and_settled(desk: Desk) -> None:
    identifier = await desk.request()
    await report(desk, "b1")
    question = await desk.shows("reports a deployment of Payments to production", "Whose is it?")
    assert desk.captions(question) == ["It belongs to a release", "Nobody recorded it"]

    await desk.click("U0ANN", question, "Nobody recorded it")
    await desk.told("U0ANN", "This is for the deployment staff, release manager or owner of Payments")
    await desk.click("U0DANA", question, "Nobody recorded it")
    settled = await desk.shows("<@U0DANA> said that nobody recorded it; it counts against adoption.")
    assert settled.ts == question.ts

    await desk.click("U0DANA", settled, "It belongs to a release")
    view = await desk.form("U0DANA", "Whose deployment is it?")
    answer = await desk.workspace.submit("U0DANA", view.id, {"Release": identifier})
    assert "It still counts against adoption" in str(answer)
    tied = await desk.shows(f"reports that {identifier} is in production")
    assert (tied.ts, desk.captions(tied)) == (question.ts, [])


async def test_a_deployment_of_a_release_is_told_in_its_thread(desk: Desk) -> None:
    identifier = await desk.request(Type="emergency")
    card = await desk.shows(identifier)
    await desk.click("U0RITA", card, "Approve")
    approved = await desk.shows(identifier, "Approved")
    await desk.click("U0DANA", approved, "Start deployment")
    await desk.shows(identifier, "Deploying")

    await report(desk, "b2")

    note = await desk.in_thread(card, f"reports that {identifier} is in production")
    assert note.text.endswith("Mark it deployed once it is verified.")


async def test_the_demo_shows_what_pipelines_reported(tmp_path: Path) -> None:
    async with demo(0, tmp_path) as (workspace, assembly):
        workspace.rate_limits.multiplier = None
        be_patient(workspace)
        desk = Desk(workspace, assembly)
        question = await desk.shows("GitHub reports a deployment of Web shop to production", channel="C0WEB")
        assert desk.captions(question) == ["It belongs to a release", "Nobody recorded it"]
        card = await desk.shows("Basket 5.3", channel="C0WEB")
        await desk.in_thread(card, "Argo CD reports that", "is in production", "Mark it deployed")
