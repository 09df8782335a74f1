"""Messages on the wire. Wire messages ignore unknown fields; forms (app/api) forbid them."""
