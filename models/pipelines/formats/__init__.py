"""How each tool asks and what it is told back: docs/clearance-for-pipelines.md."""
