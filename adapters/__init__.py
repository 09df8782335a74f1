"""The world behind the ports: database, documents, notices, feeds."""
