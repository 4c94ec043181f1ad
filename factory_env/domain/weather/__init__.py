"""Weather and prices without any file: a place, its sun, its temperature, a day-ahead price."""
