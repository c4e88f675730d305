"""The outer world as the use cases see it: tables, keys, hashing, neighbours."""
