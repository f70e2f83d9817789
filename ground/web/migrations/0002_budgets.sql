-- An upload belongs to whoever had signed in, and to the browser only when nobody had. What was given up or refused goes on counting until its
-- time is over: its bytes lie on the disk for so long.
ALTER TABLE web_upload ADD COLUMN subject uuid;
ALTER TABLE web_upload ADD COLUMN network text NOT NULL DEFAULT '?';
ALTER TABLE web_upload ADD COLUMN dropped boolean NOT NULL DEFAULT FALSE;
CREATE INDEX web_upload_subject ON web_upload (subject);
CREATE INDEX web_upload_network ON web_upload (network);

-- What somebody typed is found by its owner on any browser, and its owner is led to it until it was seen.
ALTER TABLE web_parked ADD COLUMN network text NOT NULL DEFAULT '?';
ALTER TABLE web_parked ADD COLUMN seen_at bigint;
CREATE INDEX web_parked_subject ON web_parked (subject);
CREATE INDEX web_parked_network ON web_parked (network);

-- Networks that lately left something here. Whoever leaves more writes this row first, so that the requests of one network are counted one
-- after another.
CREATE TABLE web_network (
    network text PRIMARY KEY,
    at bigint NOT NULL
);
CREATE INDEX web_network_at ON web_network (at);
