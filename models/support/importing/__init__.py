"""Reading what another tool exported: incidents, the problems behind them and the changes around them."""
