"""What people see of clearance: refusals, overrides, and windows in time."""
