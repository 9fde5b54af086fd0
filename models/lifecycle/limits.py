"""How long the texts of a release may be, in characters."""

TITLE_LIMIT = 150

TEXT_LIMIT = 3000
"""The longest text of a field: what Slack's inputs take (SLACK, *Limits*)."""
