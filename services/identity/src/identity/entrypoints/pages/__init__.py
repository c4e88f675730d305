"""HTML pages, one file a journey."""
