-- The desk. Instants are microseconds since 1970 UTC. Acts are only ever added: each carries the hash of the one before.
CREATE TABLE acts (n bigint PRIMARY KEY, act text NOT NULL, seal text NOT NULL);
CREATE FUNCTION acts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an act of the desk cannot be changed or removed';
END $$;
CREATE TRIGGER acts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON acts FOR EACH STATEMENT EXECUTE FUNCTION acts_stay();
CREATE TABLE accounts (name text COLLATE "C" PRIMARY KEY, account bytea NOT NULL);
CREATE TABLE sessions (
    key text COLLATE "C" PRIMARY KEY,  -- hash of what the browser holds
    account text NOT NULL,
    began bigint NOT NULL,
    seen bigint NOT NULL
);
CREATE TABLE holds (item text COLLATE "C" PRIMARY KEY, who text NOT NULL, until bigint NOT NULL);
