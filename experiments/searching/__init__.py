"""Inside ``search.py``: settings of a learner are tried, each on several training seeds."""
