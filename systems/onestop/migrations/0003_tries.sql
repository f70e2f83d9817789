-- Wrong proofs are counted by where they come from: a stranger who guesses does not shut the owner out.

CREATE TABLE onestop_wrong_try (
  dossier uuid NOT NULL REFERENCES onestop_dossier (id),
  network text NOT NULL,                 -- /24 of IPv4, /56 of IPv6
  wrong bigint NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (dossier, network)
);

DROP TABLE onestop_pass_try;
