-- People who work for the province, and the posts they hold. A sign-in name is never given to a second person.
CREATE TABLE person (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  sort_key bytea NOT NULL,
  folded text NOT NULL,
  login text NOT NULL,
  email text,
  phone text,
  unit uuid NOT NULL REFERENCES unit (id),
  unit_path text NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX person_login ON person (login);
CREATE INDEX person_unit_path ON person (unit_path);

-- `home` is the post without which a seconded officer's desk post gives no rights (OS-04).
CREATE TABLE post (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person (id),
  unit uuid NOT NULL REFERENCES unit (id),
  title text NOT NULL,
  roles text NOT NULL,
  clearance bigint NOT NULL,
  home uuid REFERENCES post (id),
  valid_from bigint NOT NULL,
  valid_to bigint,
  ended_because text
);
CREATE INDEX post_person ON post (person);
CREATE INDEX post_unit ON post (unit);
CREATE INDEX post_home ON post (home);
