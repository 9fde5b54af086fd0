"""Build, test, go, deploy, hand over."""
