"""Pages on the way in: the login, its second factor, and what may have to be done or found again before it."""
