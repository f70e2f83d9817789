-- What the program itself remembers: which demo was loaded, whether its walk was done.

CREATE TABLE program_note (
    name   text    NOT NULL PRIMARY KEY,
    value  text    NOT NULL,
    at     bigint  NOT NULL
);
