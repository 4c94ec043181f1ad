"""How the network at the inspection gate is trained, measured and drawn."""
