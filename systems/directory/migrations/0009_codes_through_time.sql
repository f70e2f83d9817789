-- A code is looked for at a moment, among all that units bore: a unit may end, and another begin with its code, on a day ahead.
-- `unit.hours` has been read no more since 0006.
CREATE INDEX unit_form_code ON unit_form (code, valid_from);
ALTER TABLE unit DROP COLUMN hours;
