"""What the submissions pages show, as plain data."""
