"""What people and neighbours can do here: one file each."""
