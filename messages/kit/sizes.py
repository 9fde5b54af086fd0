"""How many entries a page or a message shows, before it turns the page or counts the rest.

What Slack takes at most is in :mod:`~messages.kit.slack_limits`; how long a field may be is where ``models/``
checks it. A page of the forward schedule is cut in ``models/calendar/schedule.py``, a menu's choices in its query.
"""

from dataclasses import dataclass

# Pages

RELEASES_PAGE = 20

HISTORY_PAGE = 20

PLAN_PAGE = 13
"""Tasks: with every character escaped they still keep Slack's 13,000 characters."""

PACKAGE_PAGE = 40
"""Nodes."""

PACKAGE_PAGE_CHARACTERS = 8_000
"""Characters of the nodes of a page, links included: Slack takes about 13,000 in a message."""

ENVIRONMENTS_PAGE = 8

BOOKINGS_PAGE = 25

CONTENTS_PAGE = 25

KNOWN_ERRORS_PAGE = 20

SEARCH_RESULTS = 5
"""Known errors that a search shows."""

# People who are mentioned

MENTIONS = 5

CHASED_MENTIONS = 20
"""In a notice about approvals that are late."""

ASKED_MENTIONS = 20
"""Of those whose turn it is again."""

BYPASS_MENTIONS = 100
"""Where the glass was broken: everybody who was passed over, in any catalog there is."""

# Releases

CARD_CHANGES = 8

CARD_APPROVALS = 8

CHANGED_LINES = 20
"""Fields and nodes of the package that the thread shows old and new."""

CARD_FINDINGS = 5

CARD_ITEMS = 4
"""Configuration items, and warnings about them, that the card names."""

DETAILS_APPROVALS = 30
"""With their comments; a rich text takes many more characters."""

SUPERSEDED = 5
"""Releases whose place one took, with a row of their own in *Details*."""

DETAILS_ITEMS = 50

RISK_FACTORS = 3
"""Of those that raise the risk, in the form and on the card; *Details* has all."""

FORM_FINDINGS = 12
"""Findings of policy in a form; hard ones come first."""

FORM_ITEMS = 6
"""Configuration items of the service that the request form names."""

PACKAGE_WARNINGS = 8

REMOVED_NODES = 10
"""What goes with a node that is removed."""

OPEN_CRITERIA = 15
"""Open criteria that one message offers to settle."""

SETTLED_CRITERIA = 5
"""Of each gate."""

FAILED_COMPONENTS = 10
"""With a row of their own."""

OTHER_COMPONENTS = 15

SUSTAINING_PEOPLE = 8

# Environments

BOOKINGS = 10
"""Of one kind, in an environment that is shown in full or in the way of a request."""

BOOKINGS_IN_LIST = 3
"""Of one kind, for each environment of a list."""

BOOKINGS_IN_INTRO = 5
"""Of those in the way, in the modal that grants a request."""

VERSIONS_ASKED_FOR = 3
"""Present bookings that asked for versions, in the contents of an environment."""

# Forward schedule

SCHEDULE_FREEZES = 6

SCHEDULE_CONFLICTS = 3

FROZEN_RELEASES = 10
"""Releases that the answer to a typed freeze names."""

FREEZES_TO_LIFT = 10

# Services

RULES_ADDED = 10
"""What stricter rules ask for in addition, in a release's thread."""

LOOSENED_SERVICES = 10

LOOSENED_LINES = 12
"""Of each service."""

LOOSENED_RELEASES = 10
"""Of each service."""

SERVICE_ROLES = 20

SERVICE_HOLDERS = 5
"""Of each role."""

SERVICE_ENTRIES = 10
"""Types, windows and freezes."""

SERVICE_CRITERIA = 8
"""Of each gate."""

SERVICE_CHANGES = 8
"""Changes that are listed after saving."""

FORM_ROLES = 40
"""Roles in the form of people: a modal takes 100 blocks."""

# Support

LINKED_KNOWN_ERRORS = 5
"""Of an incident, with what to do about them."""

# Figures and digests

SERVICES_NAMED = 5

DIGEST_RELEASES = 20

DIGEST_NEEDS = 3
"""Of each kind, below *Needs somebody*."""

DIGEST_PEOPLE = 3

DIGEST_CONFLICTS = 3

DIGEST_RULES = 10
"""Rules on trial."""

DIGEST_STOPPED = 5
"""Releases that one of them would have stopped."""

FULL_SCHEDULE_RELEASES = 80
"""A modal holds 100 blocks, and people read less."""

FULL_SCHEDULE_NEEDS = 40


@dataclass(frozen=True, slots=True)
class HomeSize:
    """Entries of each kind on a Home."""

    approvals: int
    later_approvals: int
    steps: int
    sent_back: int
    tasks: int
    releases: int


SHORT_HOME = HomeSize(approvals=2, later_approvals=1, steps=2, sent_back=1, tasks=3, releases=5)
"""About a screen and a half."""

LONG_HOME = HomeSize(approvals=12, later_approvals=5, steps=8, sent_back=6, tasks=12, releases=15)
"""All that a Home can hold."""
