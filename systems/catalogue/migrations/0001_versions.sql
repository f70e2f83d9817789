-- Versions are immutable: a dossier keeps the one frozen at its acceptance for ever (OS-36).

CREATE TABLE catalogue_version (
  id uuid PRIMARY KEY,
  code text NOT NULL,                    -- national code
  origin text NOT NULL,                  -- written | imported
  hash text NOT NULL,                    -- SHA-256 of the package: the same content is the same version
  package text NOT NULL,                 -- JSON
  published_at bigint NOT NULL,
  published_by uuid NOT NULL
);
CREATE INDEX catalogue_version_code ON catalogue_version (code, published_at);

-- The version in force of each procedure.
CREATE TABLE catalogue_procedure (
  code text PRIMARY KEY,
  version uuid NOT NULL REFERENCES catalogue_version (id),
  origin text NOT NULL
);

-- The Chairman's list: what can be filed here, and at which centres (OS-08).
CREATE TABLE catalogue_local (
  code text PRIMARY KEY,
  received_at text NOT NULL,             -- all | province | commune
  name text NOT NULL
);
