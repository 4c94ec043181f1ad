"""The six sewn classes of Fashion-MNIST and their numbers in the original label files."""

from __future__ import annotations

GARMENTS: tuple[str, ...] = ("tee", "trouser", "pullover", "dress", "coat", "shirt")
"""Categories 0 to 5 as this house counts them."""

LABELS: tuple[int, ...] = (0, 1, 2, 3, 4, 6)
"""Label of each category in the IDX files; 5, 7, 8, 9 are footwear and bags."""

SIDE_PX = 28
