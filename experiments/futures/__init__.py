"""Futures: a state, dated changes, and many runs that share their luck."""
