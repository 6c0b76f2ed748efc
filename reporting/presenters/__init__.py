"""What the pages of reporting show, as plain data."""
