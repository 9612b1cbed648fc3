"""1. Where posts come from. Only the door here makes a Post, so only it ever holds a name."""
