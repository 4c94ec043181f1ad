"""How good a generator of designs is, measured without any download."""
