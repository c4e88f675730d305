"""Pages that show every component, for tests and for the eye."""
