"""Numbers from runs that share their luck; nothing here knows a factory or a file."""
