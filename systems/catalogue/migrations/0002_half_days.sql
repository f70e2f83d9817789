-- An allowance may be half a working day or hour ("½ ngày làm việc", OS-33): `value` keeps the whole part.
ALTER TABLE catalogue_settlement ADD COLUMN half boolean NOT NULL DEFAULT FALSE; -- a half stands beside it
