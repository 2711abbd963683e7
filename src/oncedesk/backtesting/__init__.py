"""Runs a backtest: chooses packs, spreads the journal over cores or a cluster, adds up, reports."""
