"""The forward schedule of change, as a list in Slack and as a calendar to subscribe to."""
