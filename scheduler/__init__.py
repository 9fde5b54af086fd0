"""What happens by itself: delivery, reminders, digests, and reading the directory from Slack."""
