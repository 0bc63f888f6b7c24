/** Version 1 of `station.db`. */
export const sql = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE requests (
    id              TEXT PRIMARY KEY,
    state           TEXT NOT NULL,
    tablet          TEXT,
    released        INTEGER NOT NULL DEFAULT 0,
    times_shown     INTEGER NOT NULL DEFAULT 0,
    received_at     TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    reason          TEXT,
    document_sha256 TEXT,
    document_length INTEGER,
    field           INTEGER,
    autopilot       INTEGER NOT NULL DEFAULT 0,
    -- title, print user, page count and fields under the at-rest key; NULL once they must be gone
    private         BLOB
  ) STRICT;
  -- one document on a tablet at a time, whatever the program believes
  CREATE UNIQUE INDEX one_on_a_tablet ON requests (tablet) WHERE released = 1;
  CREATE INDEX by_state ON requests (state);

  -- one hash chain per request, and one of the station that holds the heads of the others
  CREATE TABLE events (
    trail  TEXT NOT NULL,
    number INTEGER NOT NULL,
    event  TEXT NOT NULL,
    PRIMARY KEY (trail, number)
  ) STRICT, WITHOUT ROWID;

  -- what is being handed to the outbox at this moment: at most one row
  CREATE TABLE completing (
    only          INTEGER PRIMARY KEY CHECK (only = 1),
    request       TEXT NOT NULL,
    record_number INTEGER NOT NULL,
    sealed_sha256 TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    tablet     TEXT,
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
