"""What `validate.py` checks: one file a check; the folder is the registry."""
