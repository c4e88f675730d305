"""What staff see and do with customers."""
