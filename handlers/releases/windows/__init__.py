"""Moving missed windows and extending overrun ones."""
