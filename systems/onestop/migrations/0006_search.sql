-- Dossiers are found through the store's index of words, the same on both engines, instead of by looking through every row. Those kept so far
-- are put there by a job, due at once, through the function by which acts put new ones there; a house without dossiers orders none. A
-- migration has neither clock nor chance: the job's id, trace and moment are those of the dossier that moved last.

INSERT INTO store_job (id, kind, title, payload, state, due, trace, created)
SELECT id, 'onestop.index', 'Lập chỉ mục tìm hồ sơ', '{}', 'waiting', 0, id, last_at
FROM onestop_dossier ORDER BY last_at DESC, id LIMIT 1;

ALTER TABLE onestop_dossier DROP COLUMN search;
