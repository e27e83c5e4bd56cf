-- Triggers of the application's, one that calls a function of its own, one INSTEAD OF on a view
-- expect: arrives
-- finding: TRIGGER_NOT_TRANSLATED t
-- during: INSERT INTO t(id, v) VALUES (2, 'b'); UPDATE t SET v = 'c' WHERE id = 2
-- target: select count(*) from log => 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, changed INTEGER DEFAULT 0);
CREATE TABLE log(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);
CREATE TRIGGER t_insert AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES ('insert ' || NEW.id); END;
CREATE TRIGGER t_update AFTER UPDATE OF v ON t BEGIN INSERT INTO log(what) VALUES ('update ' || NEW.id); UPDATE t SET changed = changed + 1 WHERE id = NEW.id; END;
CREATE TRIGGER t_app BEFORE DELETE ON t WHEN OLD.id > 100 BEGIN SELECT app_function(OLD.id); END;
CREATE VIEW seen AS SELECT v FROM t;
CREATE TRIGGER seen_insert INSTEAD OF INSERT ON seen BEGIN INSERT INTO t(v) VALUES (NEW.v); END;
INSERT INTO t(id, v) VALUES (1, 'a');
