/** Version 3 of `station.db`: signatures that left without a time-stamp, of which one is fetched later. */
export const sql = `
  CREATE TABLE owed_time_stamps (
    request          TEXT PRIMARY KEY,
    -- of the signature value: all that is kept, and all that an authority gets
    signature_sha256 TEXT NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    -- milliseconds since 1970
    next_at          INTEGER NOT NULL DEFAULT 0,
    -- signed, DER: what may be in the outbox already, so that it is never another one; NULL until there is a token
    addendum         BLOB
  ) STRICT, WITHOUT ROWID;
`;
