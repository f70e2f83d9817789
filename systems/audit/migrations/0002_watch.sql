-- Alarms over bulk look-ups, complaints of citizens about a look, samples an auditor drew. Names are kept as they were.
CREATE TABLE audit_alarm (
    id           uuid    NOT NULL PRIMARY KEY,
    officer      uuid    NOT NULL,
    officer_name text    NOT NULL,
    unit_path    text    NOT NULL,
    unit_name    text    NOT NULL,
    hour         bigint  NOT NULL,
    looks        bigint  NOT NULL,
    usual        bigint  NOT NULL,
    raised_at    bigint  NOT NULL,
    closed_at    bigint,
    closed_by    text,
    reason       text,
    UNIQUE (officer, hour)
);
CREATE INDEX audit_alarm_unit ON audit_alarm (unit_path, raised_at);

CREATE TABLE audit_complaint (
    id           uuid    NOT NULL PRIMARY KEY,
    look         uuid    NOT NULL,
    owner        uuid    NOT NULL,
    officer      uuid    NOT NULL,
    officer_name text    NOT NULL,
    unit_path    text    NOT NULL,
    unit_name    text    NOT NULL,
    purpose      text    NOT NULL,
    looked_at    bigint  NOT NULL,
    words        text    NOT NULL,
    made_at      bigint  NOT NULL,
    answer       text,
    answered_at  bigint,
    answered_by  text,
    UNIQUE (look, owner)
);
CREATE INDEX audit_complaint_owner ON audit_complaint (owner, made_at);
CREATE INDEX audit_complaint_unit ON audit_complaint (unit_path, made_at);

CREATE TABLE audit_sample (
    id             uuid    NOT NULL PRIMARY KEY,
    unit_path      text    NOT NULL,
    unit_name      text    NOT NULL,
    seed           text    NOT NULL,
    since          bigint  NOT NULL,
    until          bigint  NOT NULL,
    population     bigint  NOT NULL,
    population_sum text    NOT NULL,
    drawn          text    NOT NULL,
    drawn_at       bigint  NOT NULL,
    drawn_by       text    NOT NULL
);
CREATE INDEX audit_sample_unit ON audit_sample (unit_path, drawn_at);
