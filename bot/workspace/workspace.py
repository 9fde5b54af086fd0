"""A Slack workspace: what is in it, and what its people do.

Every act of a person is a real delivery to the app, by Socket Mode or signed HTTP. An act returns what the app
acknowledged with (an empty dict for a bare acknowledgement). It raises
:class:`~bot.workspace.world.errors.DeliveryFailed` when the app did not answer in time (``code`` is what Slack
would show) and :class:`~bot.workspace.world.errors.ActRefused` when Slack's own client would not let the person
do it. People and channels are named by id or by name.
"""

from bot.workspace.people import clicks, composer, home, membership, modals, shortcuts
from bot.workspace.world.state import WorkspaceState


class Workspace(WorkspaceState):
    """A Slack workspace with one app in it. The acts are functions of ``people/``, bound here as methods."""

    say = composer.say
    command = composer.command

    click = clicks.click
    suggest = clicks.suggest

    submit = modals.submit
    close = modals.close

    open_home = home.open_home

    shortcut = shortcuts.shortcut
    message_shortcut = shortcuts.message_shortcut

    join = membership.join
    hire = membership.hire
    update_person = membership.update_person
    update_group = membership.update_group
    disable_group = membership.disable_group
