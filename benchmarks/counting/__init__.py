"""What is counted of the house, by syntax tree: one file a subject, one function a figure."""
