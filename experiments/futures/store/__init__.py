"""Runs that were played once are found again: one Parquet file a run, named by what made it."""
