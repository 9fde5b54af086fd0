"""The local workspace in the browser: server-rendered pages that show what Slack would."""
