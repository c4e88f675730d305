"""Who are you: accounts, confirmation, login, sessions, second factor, settings."""
