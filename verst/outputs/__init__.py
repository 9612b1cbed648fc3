"""5. Where estimates go."""
