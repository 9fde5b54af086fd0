"""The forward schedule, in Slack and as iCalendar."""
