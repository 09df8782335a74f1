"""Temporal behind the ports: telling running cases what happened elsewhere."""
