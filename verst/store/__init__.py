"""4. What is remembered: one protocol, one test suite, several engines."""
