-- Pictures that were seen in posts (verst.model.Sighting), and by which bytes of its name a group is found.
CREATE TABLE sightings (
    post TEXT NOT NULL,
    print TEXT NOT NULL,
    grp TEXT NOT NULL,         -- the print that the group was first known by
    known_at INTEGER NOT NULL,
    sighting BLOB NOT NULL,
    PRIMARY KEY (post, print)
) WITHOUT ROWID;
CREATE INDEX sightings_by_time ON sightings (known_at, post, print);
CREATE INDEX sightings_by_group ON sightings (grp, known_at, post, print);
CREATE TABLE picture_bytes (byte INTEGER NOT NULL, grp TEXT NOT NULL, PRIMARY KEY (byte, grp)) WITHOUT ROWID;
