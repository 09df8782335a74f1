"""Dated days behind the calendar port, one TOML file a calendar."""
