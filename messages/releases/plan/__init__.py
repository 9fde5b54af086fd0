"""The deployment plan, its reminders, checklist and release notes."""
