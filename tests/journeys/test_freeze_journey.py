"""A freeze typed in Slack: the channel and the thread are told, nothing is requested into it, and it is lifted."""

from datetime import timedelta

from tests.journeys.conftest import Desk
from tests.journeys.test_known_error_journey import words


async def test_a_freeze_is_typed_made_longer_and_lifted(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.workspace.command("U0ANN", "C0PAY", "/release freeze PAY until 4h Because")
    await desk.told("U0ANN", "is frozen by its release manager, its owner or the process owner", "Rita")

    until = (desk.start + timedelta(days=1)).date()
    await desk.workspace.command("U0RITA", "C0PAY", f"/release freeze PAY until {until} 18:00 Sale weekend")
    answer = await desk.told("U0RITA", "Payments is frozen", "18:00 UTC+1 (Europe/Amsterdam)")
    assert identifier in words(answer.blocks)
    news = await desk.shows("Rita", "froze *Payments* until")
    assert "Sale weekend" in words(news.blocks)
    notice = await desk.in_thread(card, "<@U0RITA>", "Payments is frozen", identifier)
    assert desk.captions(notice) == ["Edit"]

    await desk.workspace.command("U0TOM", "C0PAY", "/release request")
    view = await desk.form("U0TOM", "Request a release")
    values = {
        "Service": "PAY",
        "Type": "minor",
        "Title": "Into the freeze",
        "What changes and why": "Faster",
        "Authorised changes": "CHG0000133",
        "Window start": int(desk.start.timestamp()),
        "Window end": int((desk.start + timedelta(hours=1)).timestamp()),
        "Deployment method": "rolling",
        "Back-out plan": "Redeploy",
    }
    refused = await desk.workspace.submit("U0TOM", view.id, values)
    assert "Payments is frozen until" in refused["errors"]["window_start"]
    assert "Sale weekend" in refused["errors"]["window_start"]

    await desk.workspace.command("U0RITA", "C0PAY", f"/release freeze until {until} 20:00 Sale weekend")
    await desk.told("U0RITA", "longer than before")
    await desk.workspace.command("U0OLGA", "C0PAY", "/release unfreeze PAY")
    await desk.told("U0OLGA", "The freeze of *Payments* is lifted")
    await desk.shows("Olga", "lifted the freeze of *Payments* that <@U0RITA> had typed")
    await desk.in_thread(card, "lifted the freeze of Payments", identifier)
    assert await desk.workspace.submit("U0TOM", view.id, values) == {}
