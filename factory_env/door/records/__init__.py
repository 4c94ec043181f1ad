"""Daily records of a factory: columns, numbers, productivity, and what cannot be used."""
