-- Office hours of a unit by the day from which they hold (CA-06): a change acts from its day on, and what was counted before stays counted.
-- `hours` absent: from that day those of the unit above. `unit.hours` is read no more; what stood there counts from the unit's beginning.
CREATE TABLE unit_hours (
  unit uuid NOT NULL REFERENCES unit (id),
  valid_from bigint NOT NULL,            -- first instant of the day
  hours text,
  ground text NOT NULL,
  decided_at bigint NOT NULL,
  decided_by uuid NOT NULL,
  PRIMARY KEY (unit, valid_from)
);
INSERT INTO unit_hours (unit, valid_from, hours, ground, decided_at, decided_by)
  SELECT id, valid_from, hours, '', valid_from, id FROM unit WHERE hours IS NOT NULL;
