"""Second factors: how one is added and how one is given, on whichever page."""
