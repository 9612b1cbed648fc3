-- The desk. Instants are microseconds since 1970 UTC. Acts are only ever added: each carries the hash of the one before.
CREATE TABLE acts (n INTEGER PRIMARY KEY, act TEXT NOT NULL, seal TEXT NOT NULL);
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts
    BEGIN SELECT RAISE(ABORT, 'an act of the desk cannot be changed'); END;
CREATE TRIGGER acts_remain BEFORE DELETE ON acts
    BEGIN SELECT RAISE(ABORT, 'an act of the desk cannot be removed'); END;
CREATE TRIGGER acts_follow BEFORE INSERT ON acts WHEN EXISTS (SELECT 1 FROM acts WHERE n >= NEW.n)
    BEGIN SELECT RAISE(ABORT, 'an act of the desk cannot be replaced'); END;
CREATE TABLE accounts (name TEXT PRIMARY KEY, account BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (
    key TEXT PRIMARY KEY,      -- hash of what the browser holds
    account TEXT NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE holds (item TEXT PRIMARY KEY, who TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
