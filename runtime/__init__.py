"""What everything runs on: settings, the clock, Temporal's client, logging, and the embedded stack."""
