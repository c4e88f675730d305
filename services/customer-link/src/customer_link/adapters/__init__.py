"""Tables, keys and neighbours."""
