"""What staff do with activation codes (STEPS A10, S5)."""
