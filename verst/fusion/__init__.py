"""3. Claims become estimates. Pure and deterministic; sees reports, never posts."""
