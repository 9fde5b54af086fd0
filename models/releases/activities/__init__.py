"""After the approval: build, test, go, deploy, early life support, handover, review."""
