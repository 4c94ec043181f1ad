"""Checks of the simulated factory against real and theoretical numbers."""
