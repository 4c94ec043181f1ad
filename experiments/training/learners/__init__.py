"""Who learns what: a folder an environment, a file a learner, its name the word for ``agent=``."""
