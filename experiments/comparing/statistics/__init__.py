"""Numbers from numbers that more than one kind of study shares."""
