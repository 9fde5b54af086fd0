"""The day of the basket's deployment: tasks, sustaining people, and a checklist with some boxes ticked."""

from datetime import timedelta

from bot.demo.steps import Story, by
from messages.releases.plan.release_notes_draft import draft
from models.releases.plan.access import tasks_of
from models.releases.plan.checklist import post_checklist, tick_tasks
from models.releases.plan.edit_tasks import add_task
from models.releases.plan.release_notes import notes_to_edit, save_notes
from models.releases.plan.sustaining import name_sustaining_people
from models.releases.plan.task_form import TaskForm

_TASKS = (
    ("preparation", "Tell the shop floor that the basket may be slow", "operations_lead", -36),
    ("implementation", "Take half of the servers out of the balancer", "release_manager", -25),
    ("implementation", "Deploy 5.3 to the servers that are out", "release_manager", -15),
    ("implementation", "Turn the balancer over", "release_manager", 5),
    ("verification", "Fill a basket on a phone and pay with the test card", "test_manager", 15),
    ("verification", "Compare orders a minute with last week", "operations_lead", 35),
    ("back-out", "Have the 5.2 images at hand on every server", "release_manager", -30),
    ("back-out", "Decide by then whether to go back", "release_manager", 65),
)  # fmt: skip
"""Phase, title, role, and in how many minutes it is due; the deployment is about to run over."""


async def plan_the_day(story: Story, release: int) -> None:
    """Sam plans the day, names the sustaining people, and posts the checklist and the release notes."""
    sam = by("U0SAM", "modal")
    for phase, title, role, minutes in _TASKS:
        due = story.today + timedelta(minutes=minutes)
        form = TaskForm(title=title, phase=phase, due_at=due, owner=None, role=role, milestone=False)
        await add_task(story.work, sam, release, form, story.nonce())
    await name_sustaining_people(story.work, sam, release, ["U0OMAR", "U0LENA"], [])
    await post_checklist(story.work, sam, release)
    notes = await notes_to_edit(story.work, sam, release)
    text = draft(notes.draft) if notes.draft else notes.text
    await save_notes(story.work, sam, release, text, notes.version, post=True)


async def tick_the_first(story: Story, release: int) -> None:
    """Sam and Rita tick what is done."""
    async with story.work.reading() as snapshot:
        ids = {task.title: task.id for task in await tasks_of(snapshot.session, release)}
    for person, place in (("U0SAM", 6), ("U0SAM", 1), ("U0RITA", 2)):
        task = ids[_TASKS[place][1]]
        await tick_tasks(story.work, by(person), release, [], [task])
