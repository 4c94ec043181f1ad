"""The plain SimPy line beside the compiled one."""
