"""Writes a plant, its hours, bulletins and an order book for its user to fill in."""
