"""Fits people, learning and absence to a factory's daily records."""
