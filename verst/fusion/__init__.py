"""3. Claims become estimates. Pure and deterministic; sees reports, never posts."""

from verst.fusion.fusing import Fusion, fuse

__all__ = ["Fusion", "fuse"]
