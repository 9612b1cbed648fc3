"""A board's live changes passed on to very many readers: small programs that need nothing but Python itself."""
