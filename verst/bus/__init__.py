"""Between steps, at scale."""
