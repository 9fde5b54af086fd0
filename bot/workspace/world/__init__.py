"""The state of the workspace: channels, messages, views, people, time, deliveries."""
