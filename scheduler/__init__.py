"""What time does: delivery, reminders, digests, and keeping the directory fresh."""
