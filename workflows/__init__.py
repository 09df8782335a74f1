"""The waiting: one workflow a file; deadlines and policies. No I/O, no clock but the workflow's."""
