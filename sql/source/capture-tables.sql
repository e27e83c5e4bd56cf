CREATE TABLE "_changeover_run"(run TEXT, target TEXT, installed_at TEXT);
CREATE TABLE "_changeover_log"(seq INTEGER PRIMARY KEY, tbl INTEGER);
