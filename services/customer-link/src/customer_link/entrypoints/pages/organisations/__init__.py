"""Pages of an organisation: its members, invitations to it, and who administers it."""
