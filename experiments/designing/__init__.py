"""What `experiments/design.py` does: draw by sliders, look for neighbours, reckon what it costs."""
