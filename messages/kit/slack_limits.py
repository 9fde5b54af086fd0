"""What Slack takes at most, in characters unless it says otherwise (docs/slack-facts.md#limits)."""

SECTION = 3000

CONTEXT = 2000

CONTEXT_ELEMENTS = 10

HEADER = 150

BUTTON = 75

CONFIRM_TITLE = 100

CONFIRM_TEXT = 300

CONFIRM_BUTTON = 30

OVERFLOW_OPTIONS = 5

MENU_OPTIONS = 100
"""Also of one group of a menu."""

CHECKBOXES = 10
"""Boxes in one element."""

OPTION = 75
"""Text and description of an option, and the label of a group."""

PLACEHOLDER = 150

LABEL = 2000
"""Label and hint of a field."""

TEXT_INPUT = 3000

MODAL_TITLE = 24
"""Title and buttons of a modal."""

MODAL_BLOCKS = 100

CHART_TITLE = 50

CHART_LABEL = 20

CHART_CATEGORIES = 20

CHART_SERIES = 6

TABLE_ROWS = 100
"""Rows below the heading."""
