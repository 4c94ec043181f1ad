"""One learner a file; its name is what ``train.py agent=`` takes."""
