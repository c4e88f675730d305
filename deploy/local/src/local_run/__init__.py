"""The whole portal on one machine: what ``./portal`` runs once the virtual environment stands."""
