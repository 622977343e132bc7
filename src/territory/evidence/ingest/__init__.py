"""From a spreadsheet as it is to the table of counts, with a report on every row."""

from territory.evidence.ingest.assemble import regrouped
from territory.evidence.ingest.decisions import SETTINGS, check_settings
from territory.evidence.ingest.door import Ingested, ingest
from territory.evidence.ingest.report import IngestError, Report

__all__ = ["SETTINGS", "IngestError", "Ingested", "Report", "check_settings", "ingest", "regrouped"]
