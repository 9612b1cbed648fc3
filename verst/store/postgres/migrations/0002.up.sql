-- Alerts and to whom each is to be told.
CREATE TABLE alerts (id text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, alert bytea NOT NULL);
CREATE INDEX alerts_by_time ON alerts (at, id);
CREATE TABLE alert_crossings (
    crossing text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    alert text COLLATE "C" NOT NULL,
    PRIMARY KEY (crossing, at, alert)
);
CREATE TABLE deliveries (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert text COLLATE "C" NOT NULL,
    subscriber text COLLATE "C" NOT NULL, -- keyed hash; the address stands in the settings alone
    attempts integer NOT NULL DEFAULT 0,
    due bigint NOT NULL,
    leased bigint NOT NULL,            -- until when somebody is at it
    state text COLLATE "C" NOT NULL,
    fault text,
    UNIQUE (alert, subscriber)
);
CREATE INDEX deliveries_waiting ON deliveries (subscriber, n) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'waiting';
