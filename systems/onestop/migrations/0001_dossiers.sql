-- The dossier and what belongs to it. Legal facts are columns so that lists need no join; personal data stays in rows, never in events.

CREATE TABLE onestop_dossier (
  id uuid PRIMARY KEY,
  version bigint NOT NULL,               -- of its event stream
  filing_code text NOT NULL UNIQUE,
  code text UNIQUE,                      -- from acceptance on, never changed
  state text NOT NULL,
  procedure_code text NOT NULL,
  procedure_version uuid NOT NULL,       -- catalogue's version, frozen at acceptance
  procedure_name text NOT NULL,          -- short name as it was, for lists
  field text NOT NULL,
  channel text NOT NULL,
  case_id text,
  desk uuid NOT NULL,                    -- receiving desk
  desk_path text NOT NULL,
  desk_name text NOT NULL,               -- as it was
  unit uuid,                             -- competent unit; null: not determined
  unit_path text,
  unit_name text,
  step bigint,                           -- index into the completed route
  step_name text,
  step_role text,
  step_at_desk boolean NOT NULL DEFAULT FALSE,
  step_due_at bigint,
  assignee uuid,
  assignee_name text,
  processed_by uuid,
  owner uuid NOT NULL,                   -- citizen account; for direct filings the dossier's own id (whoever proves to hold it)
  applicant_name text NOT NULL,
  applicant_id text,
  applicant_birth text,
  applicant_phone text,
  applicant_email text,
  applicant_address text,
  submitter_name text,                   -- when another person files
  result_channel text NOT NULL,
  answers text NOT NULL,                 -- JSON of the e-form
  form_title text,
  submitted_at bigint NOT NULL,
  check_due_at bigint NOT NULL,
  accepted_at bigint,
  accepted_by_name text,                 -- as printed on form 01
  due_at bigint,
  sort_due_at bigint NOT NULL,           -- what the desk must keep next: check, then due time
  calculation text,                      -- JSON, how the due time came about
  term_row text,
  outcome text,
  issued_at bigint,
  on_time boolean,
  returned_at bigint,
  fee_due bigint,                        -- đồng; null: set by a rule not held here
  fee_note text,
  fee_paid_at bigint,
  rated boolean NOT NULL DEFAULT FALSE,
  visit uuid,
  search text NOT NULL                   -- folded: codes, names, numbers, procedure
);
CREATE INDEX onestop_dossier_desk ON onestop_dossier (desk_path, state, sort_due_at);
CREATE INDEX onestop_dossier_unit ON onestop_dossier (unit_path, state, sort_due_at);
CREATE INDEX onestop_dossier_owner ON onestop_dossier (owner, submitted_at);
CREATE INDEX onestop_dossier_person ON onestop_dossier (applicant_id, procedure_code);

CREATE TABLE onestop_paper (
  dossier uuid NOT NULL REFERENCES onestop_dossier (id),
  paper text NOT NULL,                   -- id in the package
  position bigint NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  originals bigint NOT NULL,
  copies bigint NOT NULL,
  basis text NOT NULL,
  by_form boolean NOT NULL,
  verdict text,
  checked_by uuid,
  checked_at bigint,
  PRIMARY KEY (dossier, paper)
);

CREATE TABLE onestop_draft (
  id uuid PRIMARY KEY,
  version bigint NOT NULL,
  owner uuid,                            -- citizen account
  officer uuid,                          -- or the officer at a desk
  desk uuid,
  visit uuid,
  procedure_code text NOT NULL,
  procedure_version uuid NOT NULL,
  data text NOT NULL,                    -- JSON: case, unit, applicant, answers, result channel
  saved_at bigint NOT NULL,
  started_at bigint NOT NULL,
  parked boolean NOT NULL DEFAULT FALSE,
  dossier uuid                           -- what it became
);
CREATE INDEX onestop_draft_owner ON onestop_draft (owner, saved_at);
CREATE INDEX onestop_draft_officer ON onestop_draft (officer, saved_at);

CREATE TABLE onestop_attachment (
  id uuid PRIMARY KEY,
  draft uuid,
  dossier uuid,
  paper text,                            -- null: not for a required paper
  role text NOT NULL,                    -- paper | handling | result
  file uuid NOT NULL,                    -- of the file store
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  hint text,                             -- "blurred": noticed, never a refusal
  added_at bigint NOT NULL,
  added_by uuid,
  removed_at bigint
);
CREATE INDEX onestop_attachment_draft ON onestop_attachment (draft);
CREATE INDEX onestop_attachment_dossier ON onestop_attachment (dossier);

CREATE TABLE onestop_note (
  id uuid PRIMARY KEY,
  dossier uuid NOT NULL REFERENCES onestop_dossier (id),
  kind text NOT NULL,                    -- note | send_back | decision
  text text NOT NULL,
  by_person uuid NOT NULL,
  by_name text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX onestop_note_dossier ON onestop_note (dossier, at);

CREATE TABLE onestop_supplement (
  dossier uuid NOT NULL REFERENCES onestop_dossier (id),
  round bigint NOT NULL,                 -- 1, 2 …
  requested_at bigint NOT NULL,
  requested_by text NOT NULL,
  items text NOT NULL,                   -- JSON, as printed on form 02
  answered_at bigint,
  PRIMARY KEY (dossier, round)
);

CREATE TABLE onestop_rating (
  dossier uuid PRIMARY KEY REFERENCES onestop_dossier (id),
  score bigint NOT NULL,
  comment text NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE onestop_visit (
  id uuid PRIMARY KEY,
  desk uuid NOT NULL,
  officer uuid NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint
);

-- A person who proved to know more than the code of a dossier may see it for a while; wrong tries are counted per dossier.
CREATE TABLE onestop_pass (
  token bytea PRIMARY KEY,               -- SHA-256 of what the cookie holds
  dossier uuid NOT NULL REFERENCES onestop_dossier (id),
  until bigint NOT NULL
);

CREATE TABLE onestop_pass_try (
  dossier uuid PRIMARY KEY REFERENCES onestop_dossier (id),
  wrong bigint NOT NULL,
  since bigint NOT NULL
);
