"""A service with no tables of its own: what the chassis is tested with."""
