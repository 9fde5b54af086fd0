"""What people do in Slack: decode it, call one use case, answer."""
