-- Units through time. `unit` holds what a unit is today, `unit_form` every name, code and kind it bore: papers of the past keep the old one.
-- `path` is one step per unit below its parent's path, so that a subtree is a range of an index.
CREATE TABLE unit (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  short_name text NOT NULL,
  sort_key bytea NOT NULL,
  kind text NOT NULL,
  parent uuid REFERENCES unit (id),
  path text NOT NULL,
  gso_code text,
  address text NOT NULL,
  phone text NOT NULL,
  hours text,
  valid_from bigint NOT NULL,
  valid_to bigint,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX unit_path ON unit (path);
CREATE UNIQUE INDEX unit_key ON unit (key);
CREATE INDEX unit_parent ON unit (parent);
-- a code belongs to one open unit; a closed one keeps the code it had
CREATE UNIQUE INDEX unit_open_code ON unit (code) WHERE valid_to IS NULL;

CREATE TABLE unit_form (
  unit uuid NOT NULL REFERENCES unit (id),
  valid_from bigint NOT NULL,
  valid_to bigint,
  name text NOT NULL,
  code text NOT NULL,
  kind text NOT NULL,
  ground text NOT NULL,
  PRIMARY KEY (unit, valid_from)
);

CREATE TABLE succession (
  unit uuid NOT NULL REFERENCES unit (id),
  successor uuid NOT NULL REFERENCES unit (id),
  at bigint NOT NULL,
  ground text NOT NULL,
  PRIMARY KEY (unit, successor)
);
CREATE INDEX succession_successor ON succession (successor);
