"""Who belongs to the workspace, as last read from Slack, and so may hold a right."""
