"""The connection to Slack: Web API, Socket Mode, manifest."""
