DROP TABLE post_ids, posts, reports, heard, quantities, estimates, cursors, states, revision;
