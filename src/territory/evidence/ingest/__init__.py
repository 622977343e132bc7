"""From a spreadsheet as it is to the table of counts, with a report on every row."""

from territory.evidence.ingest.assemble import regrouped
from territory.evidence.ingest.begun import Question, begun, questions
from territory.evidence.ingest.decisions import (
    IGNORE,
    SETTINGS,
    Decisions,
    check_settings,
    read_decisions,
)
from territory.evidence.ingest.door import Ingested, ingest
from territory.evidence.ingest.report import IngestError, Report
from territory.evidence.ingest.workbook import VISITOR_LIMITS, Limits

__all__ = [
    "IGNORE", "SETTINGS", "VISITOR_LIMITS", "Decisions", "IngestError", "Ingested", "Limits",
    "Question", "Report", "begun", "check_settings", "ingest", "questions", "read_decisions",
    "regrouped",
]  # fmt: skip
