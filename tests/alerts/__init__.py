"""When a change is worth saying."""
