"""Who plans all known orders at every question, one planner per file."""
