"""Windows in time: what is told before, after a missed one and in an overrun one; new windows and extensions."""
