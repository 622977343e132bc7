"""A briefing: one selection as pages, slides, a web page, a workbook and pictures."""

from territory.brief.content import Brief, Column, Illustration, Section, Table, brief

__all__ = ["Brief", "Column", "Illustration", "Section", "Table", "brief"]
