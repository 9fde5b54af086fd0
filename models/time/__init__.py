"""Clock, spans of time, days and working hours."""
