"""The boards, rebuilt from the log alone, and compared with the books row by row."""

from domain.rebuild.compare import Difference, Rebuilt, compare
from domain.rebuild.entry import Entry
from domain.rebuild.fold import Projection, Tables

__all__ = ["Difference", "Entry", "Projection", "Rebuilt", "Tables", "compare"]
