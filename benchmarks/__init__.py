"""Speed and size of the house, measured on demand."""
