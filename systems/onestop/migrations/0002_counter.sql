-- The counter: what is open at a desk, what a visit brought, and which procedures a desk receives most (computed from its last weeks).

CREATE INDEX onestop_draft_desk ON onestop_draft (desk, saved_at);
CREATE INDEX onestop_dossier_visit ON onestop_dossier (visit);
CREATE INDEX onestop_dossier_received ON onestop_dossier (desk, submitted_at, procedure_code);
