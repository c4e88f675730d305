"""HTML pages, one file a journey, by topic; beside the folders stand the few pages of no topic and what all share."""
