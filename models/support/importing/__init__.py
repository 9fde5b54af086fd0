"""Importing incidents, and the problems behind them, from another tool's export."""
