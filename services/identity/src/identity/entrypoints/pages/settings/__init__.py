"""Pages under `/settings`."""
