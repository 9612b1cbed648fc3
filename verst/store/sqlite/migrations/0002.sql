-- What posts are found by: their words and the things these stand for, as reading gives them.
CREATE TABLE worded (
    row INTEGER PRIMARY KEY,
    post TEXT NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE words USING fts5(said, columnsize=0, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");
