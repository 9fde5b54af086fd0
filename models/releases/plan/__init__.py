"""The deployment plan: tasks, reminders, checklist, release notes, sustaining people."""
