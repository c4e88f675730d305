"""Pages, APIs, jobs and commands."""
