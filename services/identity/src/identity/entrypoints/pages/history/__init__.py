"""How the history of an account is shown, to its owner and to staff."""
