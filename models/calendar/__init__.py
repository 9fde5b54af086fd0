"""The forward schedule of change: what is planned when, as a list in Slack and as a calendar to subscribe to."""
