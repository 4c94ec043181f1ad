"""Plans of all known orders, as sequences for every line, and what they would cost; compiled."""
