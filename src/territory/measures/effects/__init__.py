"""Was it the event? Interrupted series, municipal panel, synthetic control, and their doubts."""

from territory.measures.effects.result import DESIGNS, Effect, Note

__all__ = ["DESIGNS", "Effect", "Note"]
