"""The plan of a run: written as tables and a calendar, compared with what became of another."""
