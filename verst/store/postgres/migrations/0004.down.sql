DROP TABLE sightings, picture_bytes;
