/** Version 2 of `station.db`: several signers of one document, and forms for which the desk showed where to sign. */
export const sql = `
  -- who signs and where, and how many have (JSON); NULL: of version 1, where "field" says it, or ended unsigned
  ALTER TABLE requests ADD COLUMN plan TEXT;
  -- the request whose signed document this one goes on with
  ALTER TABLE requests ADD COLUMN follows TEXT;
  -- what identifies the form, under the at-rest key, as long as the details; NULL: where to sign cannot be drawn
  ALTER TABLE requests ADD COLUMN form BLOB;

  -- the request that is to follow, in the very transaction that completes this one
  ALTER TABLE completing ADD COLUMN next TEXT;
  ALTER TABLE completing ADD COLUMN next_sha256 TEXT;
  ALTER TABLE completing ADD COLUMN next_length INTEGER;

  -- positions and rules only; nothing of the document it was learned on
  CREATE TABLE forms (
    fingerprint TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    learned_at  TEXT NOT NULL,
    template    TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
