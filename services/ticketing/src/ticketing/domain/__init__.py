"""The rules of tickets; nothing but the standard library."""
