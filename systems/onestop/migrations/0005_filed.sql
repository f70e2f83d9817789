-- Which rows of fees the amount follows from, and the person's sex as filed.

ALTER TABLE onestop_dossier ADD COLUMN fee_rows text;        -- JSON: ids; null: filed before they were kept
ALTER TABLE onestop_dossier ADD COLUMN applicant_sex text;   -- male | female; null: not said
