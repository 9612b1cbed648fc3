-- Instants are microseconds since 1970 UTC; payloads are MessagePack of the nouns in verst/model.py. Texts are ordered
-- by their bytes (COLLATE "C"), as the embedded store orders them. Tables of what grows are partitioned by time.
CREATE TABLE post_ids (
    id text COLLATE "C" PRIMARY KEY,
    posted_at bigint NOT NULL          -- in which partition of posts it stands
);
CREATE TABLE posts (
    id text COLLATE "C" NOT NULL,
    posted_at bigint NOT NULL,
    edited_at bigint,
    answers text COLLATE "C",          -- id of the post it answers
    asks_about text COLLATE "C",       -- crossing of its question
    asks boolean NOT NULL,
    post bytea NOT NULL,
    reading bytea NOT NULL,
    said tsvector,                     -- what it is found by
    PRIMARY KEY (posted_at, id)
) PARTITION BY RANGE (posted_at);
CREATE INDEX posts_by_answered ON posts (answers) WHERE answers IS NOT NULL;
CREATE INDEX posts_asking ON posts (posted_at) WHERE asks;
CREATE INDEX posts_by_word ON posts USING gin (said);
CREATE TABLE reports (
    post text COLLATE "C" NOT NULL,
    n integer NOT NULL,                -- which claim of the post
    posted_at bigint NOT NULL,
    crossing text COLLATE "C" NOT NULL,
    report bytea NOT NULL,
    PRIMARY KEY (posted_at, post, n)
) PARTITION BY RANGE (posted_at);
CREATE INDEX reports_by_crossing ON reports (crossing, posted_at, post, n);
CREATE INDEX reports_by_post ON reports (post);
CREATE TABLE heard (
    post text COLLATE "C" NOT NULL,
    n integer NOT NULL,                -- which saying of the post
    posted_at bigint NOT NULL,
    place text COLLATE "C" NOT NULL,   -- crossing, border or country
    heard bytea NOT NULL,
    PRIMARY KEY (posted_at, post, n)
) PARTITION BY RANGE (posted_at);
CREATE INDEX heard_by_place ON heard (place, posted_at, post, n);
CREATE INDEX heard_by_post ON heard (post);
CREATE TABLE quantities (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    crossing text COLLATE "C" NOT NULL,
    quantity text COLLATE "C" NOT NULL, -- kind, means, direction, side, currency, service, tag
    UNIQUE (crossing, quantity)
);
CREATE TABLE estimates (
    quantity bigint NOT NULL,
    at bigint NOT NULL,
    estimate bytea NOT NULL,
    PRIMARY KEY (quantity, at)
) PARTITION BY RANGE (at);
CREATE TABLE cursors (name text COLLATE "C" PRIMARY KEY, position text NOT NULL);
CREATE TABLE states (name text COLLATE "C" PRIMARY KEY, state bytea NOT NULL);
CREATE TABLE revision (number bigint NOT NULL);
INSERT INTO revision VALUES (0);
