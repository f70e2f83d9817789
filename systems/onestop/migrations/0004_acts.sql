-- What the rules of acts ask besides: who worked on it since acceptance (none of them decides), the last act that moved it (none is dated
-- before), the version it was filed for when acceptance froze another, the number the unit's register gave the result.

ALTER TABLE onestop_dossier ADD COLUMN authors text NOT NULL DEFAULT '';  -- ids, with a space between
-- only: sqlite
UPDATE onestop_dossier SET authors = lower(hex(processed_by)) WHERE processed_by IS NOT NULL;
-- end
-- only: postgres
UPDATE onestop_dossier SET authors = replace(CAST(processed_by AS text), '-', '') WHERE processed_by IS NOT NULL;
-- end
ALTER TABLE onestop_dossier DROP COLUMN processed_by;

ALTER TABLE onestop_dossier ADD COLUMN last_at bigint NOT NULL DEFAULT 0;
UPDATE onestop_dossier SET last_at = COALESCE(returned_at, issued_at, accepted_at, submitted_at);

ALTER TABLE onestop_dossier ADD COLUMN filed_version uuid;                -- null: the version it stands under now
ALTER TABLE onestop_dossier ADD COLUMN result_number text;                -- "12/TB-UBND", as typed
