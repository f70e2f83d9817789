-- Who looked at personal data, what for, and when: written before the answer leaves. `owner` lets the citizen ask "who looked at mine".
CREATE TABLE reads (
  id uuid PRIMARY KEY,
  who uuid NOT NULL,
  post uuid,
  act text NOT NULL,
  purpose text NOT NULL,
  thing_kind text NOT NULL,
  thing uuid NOT NULL,
  owner uuid,
  at bigint NOT NULL,
  trace uuid NOT NULL
);
CREATE INDEX reads_thing ON reads (thing, at);
CREATE INDEX reads_owner ON reads (owner, at);
CREATE INDEX reads_who ON reads (who, at);
