"""Names that outlive a release: the task queue and the dated patches."""

TASK_QUEUE = "staffing"
"""The one queue that workers of this release serve."""
