"""What people see of windows in time."""
