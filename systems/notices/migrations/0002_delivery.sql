-- The language and the values a message was made from, and the texts administrators wrote in place of the program's own.
ALTER TABLE notices_message ADD COLUMN lang text NOT NULL DEFAULT 'vi';
ALTER TABLE notices_message ADD COLUMN reply text;
CREATE INDEX notices_message_created ON notices_message (created_at);

CREATE TABLE notices_text (
  template text NOT NULL,
  lang text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  changed_at bigint NOT NULL,
  changed_by uuid NOT NULL,
  PRIMARY KEY (template, lang)
);

-- People who asked not to be told by e-mail. What the law says they must be told is told all the same.
CREATE TABLE notices_preference (
  subject uuid PRIMARY KEY,
  email boolean NOT NULL,
  changed_at bigint NOT NULL
);
