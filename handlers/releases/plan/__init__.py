"""The deployment plan, its tasks, checklist and release notes."""
