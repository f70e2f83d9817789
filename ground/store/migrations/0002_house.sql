-- Which house this database is. Its file store holds the same id, so that no database sweeps what another one keeps. `joined`: the files were
-- told. Before that, files that do not say whose they are may be ours (a house older than this table, a start that was cut off).

CREATE TABLE store_house (
    id      bigint   NOT NULL PRIMARY KEY CHECK (id = 1),
    house   uuid     NOT NULL,
    joined  boolean  NOT NULL
);
