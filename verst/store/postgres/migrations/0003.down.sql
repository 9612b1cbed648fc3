DROP TABLE acts, accounts, sessions, holds;
DROP FUNCTION acts_stay;
