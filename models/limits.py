"""How much a field may hold: characters of a text, or entries of a list.

Slack's own limits are in docs/slack-facts.md#limits.
"""

MENU_LIMIT = 100
"""Options of one menu in Slack."""

TITLE_LIMIT = 150
"""A title of a release, a task or a known error."""

TEXT_LIMIT = 3000
"""What one text input in Slack takes: description, symptom, workaround, a list in a form."""

REASON_LIMIT = 1000
"""Why somebody delegates their approvals."""

FREEZE_REASON_LIMIT = 300
"""Why somebody freezes a service: it is the name of the freeze wherever one is shown."""

COMMENT_LIMIT = 500
"""What somebody says with their approval."""

NOTE_LIMIT = 500
"""A note on a settled task."""

NOTES_LIMIT = TEXT_LIMIT
"""Release notes."""

CHANGES_LIMIT = 50
"""Authorised changes that one release carries."""

TASKS_LIMIT = 200
"""Tasks of one plan."""

SUSTAINING_LIMIT = 20
"""People who keep a service running during one deployment."""

COMPONENT_LIMIT = 100
"""The name of a tested component."""

ITEMS_LIMIT = 300
"""Configuration items in one package."""

CONTAINERS_LIMIT = MENU_LIMIT - 1
"""Packages and units in one release: together with the release they fill a menu."""

NAME_LIMIT = 75
"""The name of a part of a package: what one menu option shows."""

VERSION_LIMIT = 50
"""A version in a package."""

LINK_LIMIT = 500
"""A link to a source or a change."""

NUMBER_LIMIT = 40
"""The number of an incident."""

PURPOSE_LIMIT = 300
"""What an environment is booked for."""

DETAIL_LIMIT = 1000
"""Why a booking is refused; the versions and the test data that it needs or that are in an environment."""

RELEASE_LIMIT = 100
"""The identifier of a release as people type it."""

SAID_VERSION_LIMIT = 60
"""A version that somebody says is in an environment."""

REPORT_TEXT_LIMIT = 300
"""A text of a reported deployment; the rest is cut off."""

QUESTION_TEXT_LIMIT = REPORT_TEXT_LIMIT
"""A text in a pipeline's question; a longer one is refused."""

URL_LIMIT = 2000
"""An address in a reported deployment; a longer one is dropped. In a pipeline's question it is refused."""

REFERENCE_LIMIT = 500
"""The reference made for a deployment by Argo CD; the rest is cut off."""
