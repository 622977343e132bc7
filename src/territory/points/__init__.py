"""Dated points, any number of them, to counts by unit and period.

Points are read in partitions, of which only the columns that are needed. One pure function turns
a partition into counts and a tally of what became of each point; sums of those are the answer, so
neither the order of the partitions nor the machine that counted them can change it.
"""

from territory.points.aggregating import Aggregate, aggregate
from territory.points.areas import Areas, read_areas

__all__ = ["Aggregate", "Areas", "aggregate", "read_areas"]
