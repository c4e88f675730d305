"""The rules of accounts. Standard library only."""
