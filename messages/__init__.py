"""What people see: Block Kit made from plain read-only records. No database, no Slack client."""
