-- Versions are immutable: a dossier keeps the one frozen at its acceptance for ever (OS-36).
CREATE TABLE catalogue_version (
  id uuid PRIMARY KEY,
  code text NOT NULL,                    -- national code
  origin text NOT NULL,                  -- written | imported
  state text NOT NULL,                   -- staged: its import has not switched over; live; past: a later import replaced it
  import uuid,                           -- the import it came with
  hash text NOT NULL,                    -- SHA-256 of the package: the same content is the same version
  package text NOT NULL,                 -- JSON
  from_day text,                         -- first day in force, ISO; absent: since it was published
  to_day text,                           -- day after the last one
  -- what lists show, sort and filter by; all of it follows from the package
  name text NOT NULL,
  title text NOT NULL,
  title_key bytea NOT NULL,              -- Vietnamese dictionary order
  folded text NOT NULL,                  -- name and code, folded for filtering
  field text NOT NULL,
  field_key bytea NOT NULL,
  levels text NOT NULL,                  -- ,commune,province,
  agency text NOT NULL,
  decision text NOT NULL,
  open_terms bigint NOT NULL,            -- rows that block acceptance
  doubts bigint NOT NULL,                -- doubtful fees
  papers bigint NOT NULL,
  published_at bigint NOT NULL,
  published_by uuid NOT NULL
);
CREATE INDEX catalogue_version_code ON catalogue_version (code, state, published_at);
CREATE INDEX catalogue_version_import ON catalogue_version (import);

-- One row per procedure: its stream in the log.
CREATE TABLE catalogue_procedure (
  code text PRIMARY KEY,
  stream uuid NOT NULL,
  events bigint NOT NULL                 -- how many the stream has
);

-- Records as they came, one live per source: a national one and the province's are joined into one package, whichever is imported first.
CREATE TABLE catalogue_record (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  layer text NOT NULL,                   -- national | provincial
  state text NOT NULL,                   -- staged | live | past
  import uuid NOT NULL,
  hash text NOT NULL,
  body text NOT NULL                     -- JSON
);
CREATE UNIQUE INDEX catalogue_record_live ON catalogue_record (code, layer) WHERE state = 'live';
CREATE INDEX catalogue_record_import ON catalogue_record (import);

-- What a person settled about an open row; kept beside the records, so that a later import does not ask again.
CREATE TABLE catalogue_settlement (
  code text NOT NULL,
  term text NOT NULL,                    -- id of the row, which stands for what the record printed
  value bigint NOT NULL,
  unit text NOT NULL,
  same_day boolean NOT NULL,
  basis text NOT NULL,
  settled_by uuid NOT NULL,
  settled_name text NOT NULL,
  settled_at bigint NOT NULL,
  PRIMARY KEY (code, term)
);

-- The Chairman's list: what can be filed here, and at which centres (OS-08).
CREATE TABLE catalogue_local (
  code text PRIMARY KEY,
  received_at text NOT NULL,             -- all | province | commune
  name text NOT NULL,
  decision text NOT NULL,
  from_day text,
  to_day text,
  changed_at bigint,                     -- absent: it came with the first load
  changed_by uuid
);

CREATE TABLE catalogue_import (
  id uuid PRIMARY KEY,
  job uuid,
  file text NOT NULL,                    -- name of the file as given
  state text NOT NULL,                   -- waiting | staging | done | failed
  started_at bigint NOT NULL,
  started_by uuid NOT NULL,
  started_name text NOT NULL,
  beat bigint NOT NULL,                  -- last sign of life; without one for a while its staged rows are swept
  finished_at bigint,
  report text                            -- JSON, when done
);

-- The file itself while the import goes on: the job may run on another machine than the one that received it.
CREATE TABLE catalogue_import_part (
  import uuid NOT NULL,
  n bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (import, n)
);

CREATE TABLE catalogue_import_fault (
  import uuid NOT NULL,
  line bigint NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (import, line)
);

-- Counts changes of what is in force, so that every process notices that its index is old.
CREATE TABLE catalogue_change (
  one bigint PRIMARY KEY,
  n bigint NOT NULL
);
INSERT INTO catalogue_change (one, n) VALUES (1, 0);
