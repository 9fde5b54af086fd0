"""The HTTP server: Slack's deliveries, webhooks, calendar addresses, health."""
