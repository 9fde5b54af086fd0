"""What is true: tables, lifecycle, rules, use cases and queries. No Slack, no templates, no timers."""
