-- Who is signed in. A row per session, found by the hash of the cookie's token: the token itself is never stored.
CREATE TABLE web_session (
    key bytea PRIMARY KEY,
    realm text NOT NULL,
    subject uuid NOT NULL,
    post uuid,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    device text NOT NULL,
    previous bytea
);
CREATE INDEX web_session_subject ON web_session (subject, realm);
CREATE INDEX web_session_ends ON web_session (ends_at);

-- What somebody had typed when their session was over: kept under the old cookie's hash until they are back.
CREATE TABLE web_parked (
    id uuid PRIMARY KEY,
    key bytea NOT NULL,
    subject uuid,
    path text NOT NULL,
    fields text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX web_parked_key ON web_parked (key);
CREATE INDEX web_parked_at ON web_parked (at);

-- Uploads by tus: how much is here, whose it is, and in the end which file it became.
CREATE TABLE web_upload (
    id uuid PRIMARY KEY,
    owner bytea NOT NULL,
    name text NOT NULL,
    length bigint NOT NULL,
    received bigint NOT NULL,
    sha256 bytea,
    file uuid,
    kind text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX web_upload_owner ON web_upload (owner);
CREATE INDEX web_upload_expires ON web_upload (expires_at);

-- Pieces of an upload in their order, each a file of the store until the last one came.
CREATE TABLE web_upload_part (
    upload uuid NOT NULL,
    starts bigint NOT NULL,
    file uuid NOT NULL,
    PRIMARY KEY (upload, starts)
);
