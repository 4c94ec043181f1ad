"""Inside ``explain.py``: one question of a run, and what would have come of every answer."""
