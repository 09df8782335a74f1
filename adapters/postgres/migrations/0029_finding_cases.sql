-- Who keeps the parts of a mutation apart looks for the case at each decision: by an index, also among many thousands.
-- depends: 0026_mutations

CREATE INDEX mutations_by_case ON mutations (('mutation:' || mutation_id));
