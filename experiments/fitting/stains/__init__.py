"""How the network of stains on fabric is trained, measured and drawn."""
