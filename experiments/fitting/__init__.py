"""One file a network that ``fit.py`` can train: ``PLUG`` is its task."""
