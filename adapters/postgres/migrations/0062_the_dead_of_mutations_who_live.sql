-- Of a mutation a death that was told by mistake is taken back too: clerks' work, by somebody else, and never in the own case.
-- depends: 0061_the_dead_who_live

INSERT INTO mutation_parts (kind, part, own_case) VALUES ('RETRACT_SUBJECT_DEATH', '', false);
