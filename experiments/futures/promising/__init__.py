"""When can an order be shipped: dates that are kept with so much probability, and their price."""
