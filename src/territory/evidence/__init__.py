"""What is known: one reader per table, checked, with its source card."""
