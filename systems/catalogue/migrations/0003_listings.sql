-- The Chairman's list through time (OS-08): a row for each decision about a procedure, by the instant from which it holds, so that a filing is
-- judged by the row that held when it was made. Rows of one procedure never overlap: a row ends where the next begins, and one from the same
-- instant takes its place; the log keeps both. `catalogue_local` is read no more and goes a release later; what stands there comes along,
-- without a day since always.
CREATE TABLE catalogue_listing (
  code text NOT NULL,
  valid_from bigint NOT NULL,            -- 0: since always
  valid_to bigint,                       -- first instant after it; the same as valid_from: withdrawn before it began
  received_at text NOT NULL,             -- all | province | commune
  name text NOT NULL,
  decision text NOT NULL,                -- empty: it came with the first load
  ended_by text,                         -- the decision that ended or withdrew it
  entered_at bigint,                     -- absent: it came with the first load
  entered_by uuid,
  PRIMARY KEY (code, valid_from)
);

-- Days begin at UTC+7.
-- only: sqlite
INSERT INTO catalogue_listing (code, valid_from, valid_to, received_at, name, decision, entered_at, entered_by)
SELECT code, COALESCE((CAST(strftime('%s', from_day) AS bigint) - 25200) * 1000000, 0),
  (CAST(strftime('%s', to_day) AS bigint) - 25200) * 1000000, received_at, name, decision, changed_at, changed_by
FROM catalogue_local;
-- end
-- only: postgres
INSERT INTO catalogue_listing (code, valid_from, valid_to, received_at, name, decision, entered_at, entered_by)
SELECT code, COALESCE((CAST(EXTRACT(EPOCH FROM CAST(from_day AS timestamp)) AS bigint) - 25200) * 1000000, 0),
  (CAST(EXTRACT(EPOCH FROM CAST(to_day AS timestamp)) AS bigint) - 25200) * 1000000, received_at, name, decision, changed_at, changed_by
FROM catalogue_local;
-- end
