"""The HTTP server: Slack's requests, webhooks, calendars, health."""
