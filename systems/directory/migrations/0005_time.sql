-- What the province decided about time, by the day from which it holds: the days of a year (`days`, from 1 January) and how terms are
-- counted (`counting`). A later decision for the same day takes the place of the earlier one; the log keeps both.
CREATE TABLE time_rule (
  kind text NOT NULL,
  valid_from bigint NOT NULL,
  body text NOT NULL,
  ground text NOT NULL,
  decided_at bigint NOT NULL,
  decided_by uuid NOT NULL,
  PRIMARY KEY (kind, valid_from)
);
