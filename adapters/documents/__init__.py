"""Papers: what an order says becomes pages that a person can hold, read and check."""
