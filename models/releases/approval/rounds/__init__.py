"""The rules of a round: approvals, later approvals and materiality, as they were when it began."""
