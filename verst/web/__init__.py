"""6. What people open: the board, the API, answers."""
