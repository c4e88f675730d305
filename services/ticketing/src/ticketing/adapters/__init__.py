"""Where tickets meet the database, the neighbours and the brand pack."""
