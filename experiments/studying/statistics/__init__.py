"""Numbers from numbers: nothing here knows a policy, a factory or a file."""
