"""Why an order is late: its days by cause, the same luck without each cause, and cures."""
