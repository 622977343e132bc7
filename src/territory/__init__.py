"""What happened to violence, where, after an event such as a truce; and how sure are we."""

from territory.comparing import Comparison
from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.study import Study

__version__ = "0.1.0"
#: Year of the version, for citations.
__released__ = "2026"
__all__ = ["Comparison", "DataError", "Study", "Window"]
