"""The HTTP API: parse, call the action, render. Every other door (command line, pages of others) is a client of it."""
