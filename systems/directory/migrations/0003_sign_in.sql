-- What people prove themselves with. Passwords, PINs and recovery codes are kept as hashes; `subject` is a person or a citizen's account.
CREATE TABLE citizen_account (
  id uuid PRIMARY KEY,
  login text NOT NULL,
  name text NOT NULL,
  email text,
  phone text,
  citizen_id text,
  registered_at bigint NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX citizen_account_login ON citizen_account (login);

CREATE TABLE credential (
  subject uuid PRIMARY KEY,
  password text,
  password_at bigint,
  must_change boolean NOT NULL,
  pin text,
  totp bytea,
  totp_confirmed_at bigint,
  totp_last_step bigint NOT NULL
);

CREATE TABLE recovery_code (
  subject uuid NOT NULL,
  hash bytea NOT NULL,
  used_at bigint,
  PRIMARY KEY (subject, hash)
);

-- A right password that waits for the second factor, under the hash of the visitor's token.
CREATE TABLE half_way (
  key bytea PRIMARY KEY,
  realm text NOT NULL,
  subject uuid NOT NULL,
  until bigint NOT NULL,
  tries bigint NOT NULL
);

-- Every try, also the failed ones. What was typed as a name is kept only when it names somebody: people type passwords there.
CREATE TABLE sign_in (
  id uuid PRIMARY KEY,
  realm text NOT NULL,
  subject uuid,
  at bigint NOT NULL,
  outcome text NOT NULL,
  network text NOT NULL,
  device uuid,
  known_device boolean NOT NULL,
  agent text NOT NULL
);
CREATE INDEX sign_in_subject ON sign_in (subject, at);
CREATE INDEX sign_in_at ON sign_in (at);

-- A wait grows per account *and* place it is tried from: whoever guesses elsewhere slows only themselves down.
CREATE TABLE sign_in_wait (
  bucket text PRIMARY KEY,
  failures bigint NOT NULL,
  last_at bigint NOT NULL,
  until bigint NOT NULL
);
CREATE INDEX sign_in_wait_last ON sign_in_wait (last_at);

-- A browser somebody signed in from. `proved_until`: both factors were given here today, so that a PIN is enough at a change-over.
CREATE TABLE device (
  id uuid NOT NULL,
  subject uuid NOT NULL,
  secret bytea NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  proved_until bigint NOT NULL,
  pin_failures bigint NOT NULL,
  back_to text,
  PRIMARY KEY (id, subject)
);
CREATE INDEX device_subject ON device (subject);
