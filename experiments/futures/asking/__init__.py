"""Reads a question: a file of `conf/what` or a user's own, and what a command line lays over it."""
