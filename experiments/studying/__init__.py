"""Studies: policies x training seeds x scenarios x evaluation seeds, every cell played once."""
