-- Looks as evidence: a seal over the fields, and the place in the daily bill that covers them. Looks of before get theirs with the next bill.
ALTER TABLE reads ADD COLUMN seal bytea;
ALTER TABLE reads ADD COLUMN bill bigint;
ALTER TABLE reads ADD COLUMN leaf bigint;
CREATE UNIQUE INDEX reads_leaf ON reads (bill, leaf) WHERE bill IS NOT NULL;
CREATE INDEX reads_open ON reads (at, id) WHERE bill IS NULL;
CREATE INDEX reads_at ON reads (at);
