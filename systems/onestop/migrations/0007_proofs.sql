-- Wrong proofs are counted against budgets: of a dossier from one network, of a dossier from everywhere, of a network over all dossiers.

CREATE TABLE onestop_wrong_proof (
  budget text PRIMARY KEY,               -- dossier, network (/24 of IPv4, /56 of IPv6), or both
  wrong bigint NOT NULL,
  since bigint NOT NULL
);

DROP TABLE onestop_wrong_try;
