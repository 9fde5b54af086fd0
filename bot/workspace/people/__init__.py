"""What people do in the workspace, each act a function of its state."""
