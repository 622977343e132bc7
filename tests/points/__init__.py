"""Points: from dated coordinates to counts."""
