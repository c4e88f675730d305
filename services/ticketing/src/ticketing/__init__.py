"""Ticketing: what is wrong. Tickets, what is said about them, and the staff's desk."""
