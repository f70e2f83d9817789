-- The tables every room stands on. Prefixed, so that a room may call its own tables what it likes.

-- One row per aggregate: its version is what `append` compares. `at` never goes back, so that waiting events keep their order.
CREATE TABLE store_stream (
    id       uuid    NOT NULL PRIMARY KEY,
    system   text    NOT NULL,
    version  bigint  NOT NULL,
    at       bigint  NOT NULL
);

-- What happened. Payload and salt may be blanked by a lawful destruction; their hash stays and with it the chain.
CREATE TABLE store_event (
    id            uuid    NOT NULL PRIMARY KEY,
    stream        uuid    NOT NULL,
    version       bigint  NOT NULL,
    system        text    NOT NULL,
    kind          text    NOT NULL,
    kind_version  bigint  NOT NULL,
    at            bigint  NOT NULL,
    who           uuid    NOT NULL,
    post          uuid,
    trace         uuid    NOT NULL,
    salt          bytea,
    payload       text,
    sealed        bytea   NOT NULL,
    UNIQUE (stream, version)
);

-- Committed events that wait for the log-keeper: (at, stream, version) is the order in which they get their places.
CREATE TABLE store_event_new (
    event    uuid    NOT NULL PRIMARY KEY,
    at       bigint  NOT NULL,
    stream   uuid    NOT NULL,
    version  bigint  NOT NULL,
    system   text    NOT NULL,
    hash     bytea   NOT NULL
);
CREATE INDEX store_event_new_order ON store_event_new (at, stream, version);

-- The log: consecutive places, each linked to the one before.
CREATE TABLE store_log (
    pos     bigint  NOT NULL PRIMARY KEY,
    event   uuid    NOT NULL UNIQUE,
    system  text    NOT NULL,
    link    bytea   NOT NULL
);
CREATE TABLE store_log_head (
    id    bigint  NOT NULL PRIMARY KEY CHECK (id = 1),
    pos   bigint  NOT NULL,
    link  bytea   NOT NULL
);

-- How far each listener has come, and what it could not digest.
CREATE TABLE store_listener (
    name    text    NOT NULL PRIMARY KEY,
    system  text    NOT NULL,
    pos     bigint  NOT NULL,
    tries   bigint  NOT NULL DEFAULT 0,
    error   text
);
CREATE TABLE store_parked (
    listener  text    NOT NULL,
    pos       bigint  NOT NULL,
    event     uuid    NOT NULL,
    at        bigint  NOT NULL,
    error     text    NOT NULL,
    PRIMARY KEY (listener, pos)
);

-- Who may do a thing that only one process may do at a time.
CREATE TABLE store_lease (
    name    text    NOT NULL PRIMARY KEY,
    holder  uuid    NOT NULL,
    until   bigint  NOT NULL
);

-- Work that outlives the request: effects outside, imports, exports.
CREATE TABLE store_job (
    id        uuid     NOT NULL PRIMARY KEY,
    kind      text     NOT NULL,
    owner     uuid,
    title     text     NOT NULL,
    payload   text     NOT NULL,
    state     text     NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    due       bigint   NOT NULL,
    tries     bigint   NOT NULL DEFAULT 0,
    holder    uuid,
    until     bigint   NOT NULL DEFAULT 0,
    cancel    boolean  NOT NULL DEFAULT FALSE,
    done      bigint   NOT NULL DEFAULT 0,
    total     bigint,
    note      text,
    report    text,
    error     text,
    trace     uuid     NOT NULL,
    created   bigint   NOT NULL,
    started   bigint,
    finished  bigint
);
CREATE INDEX store_job_next ON store_job (due) WHERE state IN ('waiting', 'running');
CREATE INDEX store_job_owner ON store_job (owner, created);
CREATE INDEX store_job_kind ON store_job (kind, created);

-- Numbers without gaps.
CREATE TABLE store_series (
    scope  text    NOT NULL,
    day    text    NOT NULL,
    n      bigint  NOT NULL,
    PRIMARY KEY (scope, day)
);

-- Answers kept for requests that may come twice.
CREATE TABLE store_answer (
    scope   text    NOT NULL,
    key     text    NOT NULL,
    body    bytea   NOT NULL,
    answer  text    NOT NULL,
    at      bigint  NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX store_answer_at ON store_answer (at);

-- Files that are in use, counted; an object without a row is swept after a day. A row with uses = 0 marks an object that is being swept.
-- `seal` will hold the wrapped data key of the file.
CREATE TABLE store_file (
    id      uuid    NOT NULL PRIMARY KEY,
    owner   uuid    NOT NULL,
    sha256  bytea   NOT NULL,
    size    bigint  NOT NULL,
    at      bigint  NOT NULL,
    uses    bigint  NOT NULL CHECK (uses >= 0),
    seal    bytea,
    UNIQUE (owner, sha256)
);

-- Folded text of things that are searched for: lower case, no marks, words separated by one space. `doc` is made from (kind, thing).
CREATE TABLE store_search (
    doc    bigint  NOT NULL PRIMARY KEY,
    kind   text    NOT NULL,
    thing  uuid    NOT NULL,
    words  text    NOT NULL,
    UNIQUE (kind, thing)
);
-- only: sqlite
-- The tokenizer `ascii` splits at nothing but the spaces we put, as PostgreSQL does below: the same answers on both engines.
CREATE VIRTUAL TABLE store_search_index USING fts5 (words, content = 'store_search', content_rowid = 'doc', tokenize = 'ascii', detail = 'none');
CREATE TRIGGER store_search_insert AFTER INSERT ON store_search BEGIN
    INSERT INTO store_search_index (rowid, words) VALUES (new.doc, new.words);
END;
CREATE TRIGGER store_search_delete AFTER DELETE ON store_search BEGIN
    INSERT INTO store_search_index (store_search_index, rowid, words) VALUES ('delete', old.doc, old.words);
END;
CREATE TRIGGER store_search_update AFTER UPDATE OF words ON store_search BEGIN
    INSERT INTO store_search_index (store_search_index, rowid, words) VALUES ('delete', old.doc, old.words);
    INSERT INTO store_search_index (rowid, words) VALUES (new.doc, new.words);
END;
-- end
-- only: postgres
ALTER TABLE store_search ADD COLUMN lexemes tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;
CREATE INDEX store_search_index ON store_search USING gin (lexemes);
-- end
