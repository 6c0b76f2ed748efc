"""The API `/api/v1/`: another door to the actions and readings that the pages use."""
