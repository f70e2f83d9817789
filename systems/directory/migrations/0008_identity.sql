-- Signing in through a provider of identities. A provider is data, its secret is not: that stands in the settings. An identity is what a
-- provider calls somebody (`issuer`, `sub`), and for whom they came (`acts_for`: the tax code of an organisation, or nothing).
CREATE TABLE identity_provider (
  key text PRIMARY KEY,
  realm text NOT NULL,
  label text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  profile text NOT NULL,
  active boolean NOT NULL,
  place bigint NOT NULL,
  version bigint NOT NULL
);

CREATE TABLE identity (
  issuer text NOT NULL,
  sub text NOT NULL,
  realm text NOT NULL,
  acts_for text NOT NULL,
  subject uuid NOT NULL,
  provider text NOT NULL,
  level text,
  how text NOT NULL,
  linked_at bigint NOT NULL,
  linked_by uuid NOT NULL,
  last_at bigint,
  PRIMARY KEY (issuer, sub, realm, acts_for)
);
CREATE INDEX identity_subject ON identity (subject);

-- A question on its way to a provider: found by the hash of `state`, bound to the browser that asked, answered once.
CREATE TABLE identity_flow (
  state bytea PRIMARY KEY,
  browser bytea NOT NULL,
  provider text NOT NULL,
  nonce text NOT NULL,
  verifier text NOT NULL,
  next text NOT NULL,
  session bytea,
  until bigint NOT NULL
);
CREATE INDEX identity_flow_browser ON identity_flow (browser, until);
CREATE INDEX identity_flow_until ON identity_flow (until);

-- What a session of ours is at the provider, so that it ends with that one. `waiting`: the provider's word is there, the second factor is
-- still to come. `token` is sealed under the browser's own cookie: this table alone does not open it.
CREATE TABLE identity_session (
  session bytea PRIMARY KEY,
  subject uuid NOT NULL,
  person uuid,
  provider text NOT NULL,
  issuer text NOT NULL,
  sub text NOT NULL,
  sid text,
  level text,
  second boolean NOT NULL,
  waiting boolean NOT NULL,
  token bytea,
  until bigint NOT NULL
);
CREATE INDEX identity_session_sub ON identity_session (issuer, sub);
CREATE INDEX identity_session_sid ON identity_session (issuer, sid);
CREATE INDEX identity_session_subject ON identity_session (subject);
CREATE INDEX identity_session_until ON identity_session (until);

-- Orders to sign somebody out that were carried out: the same order twice is refused.
CREATE TABLE identity_logout (
  issuer text NOT NULL,
  jti text NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (issuer, jti)
);
CREATE INDEX identity_logout_until ON identity_logout (until);

-- Who came for an organisation, by the provider's word. No right follows from a row: only a sign-in that lasts gives one.
CREATE TABLE representation (
  organisation uuid NOT NULL,
  person uuid NOT NULL,
  provider text NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (organisation, person)
);
CREATE INDEX representation_person ON representation (person);

-- Accounts of organisations, and what a provider answers for: an account whose number nobody answers for is joined with no other.
ALTER TABLE citizen_account ADD COLUMN kind text NOT NULL DEFAULT 'person';
ALTER TABLE citizen_account ADD COLUMN tax_code text;
ALTER TABLE citizen_account ADD COLUMN birth_date text;
ALTER TABLE citizen_account ADD COLUMN verified_at bigint;
ALTER TABLE citizen_account ADD COLUMN verified_by text;
CREATE UNIQUE INDEX citizen_account_verified ON citizen_account (citizen_id) WHERE verified_at IS NOT NULL AND kind = 'person';
CREATE UNIQUE INDEX citizen_account_organisation ON citizen_account (tax_code) WHERE kind = 'organisation';

-- Through whom somebody came, at which level, and why an answer was refused.
ALTER TABLE sign_in ADD COLUMN provider text;
ALTER TABLE sign_in ADD COLUMN level text;
ALTER TABLE sign_in ADD COLUMN detail text;
