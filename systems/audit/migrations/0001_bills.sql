-- The daily bill: what was covered, as canonical text, with its hash, its leaves in the file store, and the stamp of an outside authority.
CREATE TABLE audit_bill (
    number       bigint  NOT NULL PRIMARY KEY,
    at           bigint  NOT NULL,
    until        bigint  NOT NULL,
    body         text    NOT NULL,
    sha256       text    NOT NULL,
    events_file  uuid,
    reads_file   uuid,
    token        bytea,
    stamped_at   bigint,
    stamp_error  text
);
