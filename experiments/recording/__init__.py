"""Inside ``record.py``: policies play, and what they saw, did and earned is kept."""
