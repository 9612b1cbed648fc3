-- Pictures that were seen in posts (verst.model.Sighting), and by which bytes of its name a group is found.
CREATE TABLE sightings (
    post text COLLATE "C" NOT NULL,
    print text COLLATE "C" NOT NULL,
    grp text COLLATE "C" NOT NULL,  -- the print that the group was first known by
    known_at bigint NOT NULL,
    sighting bytea NOT NULL,
    PRIMARY KEY (post, print)
);
CREATE INDEX sightings_by_time ON sightings (known_at, post, print);
CREATE INDEX sightings_by_group ON sightings (grp, known_at, post, print);
CREATE TABLE picture_bytes (byte integer NOT NULL, grp text COLLATE "C" NOT NULL, PRIMARY KEY (byte, grp));
