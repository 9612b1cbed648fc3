-- What posts say that is no claim (verst.model.Heard), found by place and time for the ledger of rumours.
CREATE TABLE heard (
    post TEXT NOT NULL,
    n INTEGER NOT NULL,        -- which saying of the post
    posted_at INTEGER NOT NULL,
    place TEXT NOT NULL,       -- crossing, border or country
    heard BLOB NOT NULL,
    PRIMARY KEY (post, n)
) WITHOUT ROWID;
CREATE INDEX heard_by_time ON heard (posted_at, post, n);
CREATE INDEX heard_by_place ON heard (place, posted_at, post, n);
