"""What is kept of one run: money, orders, stations, days, bars."""
