-- In which language a person is written to. It is the one they filed in, until they choose.
ALTER TABLE notices_preference ADD COLUMN lang text NOT NULL DEFAULT 'vi';
