-- Messages to people and how far each one got. What was sent is kept as it was sent.

CREATE TABLE notices_message (
  id uuid PRIMARY KEY,
  template text NOT NULL,
  about_kind text NOT NULL,              -- what it is about: dossier …
  about uuid NOT NULL,
  channel text NOT NULL,                 -- email
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  state text NOT NULL,                   -- queued | sent | failed
  tries bigint NOT NULL DEFAULT 0,
  error text,
  created_at bigint NOT NULL,
  sent_at bigint
);
CREATE INDEX notices_message_about ON notices_message (about, created_at);
CREATE INDEX notices_message_state ON notices_message (state, created_at);
