"""The bundled archive as it is written by hand, and the builder that turns it into the formats that ship."""
