"""PostgreSQL, keys, and the neighbours."""
