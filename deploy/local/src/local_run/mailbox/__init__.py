"""A mail server that delivers nothing: it takes every mail and shows it. For development, demo and tests only."""
