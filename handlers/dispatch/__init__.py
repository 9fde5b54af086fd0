"""How a payload from Slack becomes an answer."""
