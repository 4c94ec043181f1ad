"""How the generator of designs is trained, measured and drawn."""
