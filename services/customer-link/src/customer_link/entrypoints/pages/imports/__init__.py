"""Administrators import customers, contracts and invoices as files."""
