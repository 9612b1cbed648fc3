-- Alerts and to whom each is to be told. Instants are microseconds since 1970 UTC; payloads are MessagePack.
CREATE TABLE alerts (id TEXT PRIMARY KEY, at INTEGER NOT NULL, alert BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX alerts_by_time ON alerts (at, id);
CREATE TABLE alert_crossings (
    crossing TEXT NOT NULL,
    at INTEGER NOT NULL,
    alert TEXT NOT NULL,
    PRIMARY KEY (crossing, at, alert)
) WITHOUT ROWID;
CREATE TABLE deliveries (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL,
    subscriber TEXT NOT NULL,  -- keyed hash; the address stands in the settings alone
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL,
    leased INTEGER NOT NULL,   -- until when somebody is at it
    state TEXT NOT NULL,
    fault TEXT,
    UNIQUE (alert, subscriber)
);
CREATE INDEX deliveries_waiting ON deliveries (subscriber, n) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'waiting';
