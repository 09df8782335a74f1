"""The report of an operation: who is needed, who is out until when, and what must be done now.

`Source` is what the registry and the log say up to one instant; `build` turns it into a `ReportView`, whose every
number is counted from that source. `say` says the findings as sentences. Nothing here is reached by a workflow:
it knows zones and calendars.
"""

from domain.report.build import build
from domain.report.source import Source
from domain.report.view import ReportView

__all__ = ["ReportView", "Source", "build"]
