-- Instants are microseconds since 1970 UTC; payloads are MessagePack of the nouns in verst/model.py.
CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    posted_at INTEGER NOT NULL,
    edited_at INTEGER,
    answers TEXT,              -- id of the post it answers
    asks_about TEXT,           -- crossing of its question
    asks INTEGER NOT NULL,     -- 1: it asks something
    post BLOB NOT NULL,
    reading BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX posts_by_time ON posts (posted_at);
CREATE INDEX posts_by_answered ON posts (answers) WHERE answers IS NOT NULL;
CREATE INDEX posts_asking ON posts (posted_at) WHERE asks = 1;
CREATE TABLE reports (
    post TEXT NOT NULL,
    n INTEGER NOT NULL,        -- which claim of the post
    posted_at INTEGER NOT NULL,
    crossing TEXT NOT NULL,
    report BLOB NOT NULL,
    PRIMARY KEY (post, n)
) WITHOUT ROWID;
CREATE INDEX reports_by_time ON reports (posted_at, post, n);
CREATE INDEX reports_by_crossing ON reports (crossing, posted_at, post, n);
CREATE TABLE quantities (
    id INTEGER PRIMARY KEY,
    crossing TEXT NOT NULL,
    quantity TEXT NOT NULL,    -- kind, means, direction, side, currency, service, tag
    UNIQUE (crossing, quantity)
);
CREATE TABLE estimates (
    quantity INTEGER NOT NULL,
    at INTEGER NOT NULL,
    estimate BLOB NOT NULL,
    PRIMARY KEY (quantity, at)
) WITHOUT ROWID;
CREATE TABLE cursors (name TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE states (name TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE revision (number INTEGER NOT NULL);
INSERT INTO revision VALUES (0);
