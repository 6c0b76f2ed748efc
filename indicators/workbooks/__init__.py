"""Workbooks a station or a province fills in: written, read apart from the web process, compared."""
