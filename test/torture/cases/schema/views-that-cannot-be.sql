-- Views with functions of the application, on tables that are not there, and that are broken
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED shouting
-- finding: VIEW_NOT_TRANSLATED lost
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
CREATE VIEW shouting AS SELECT app_shout(v) AS v FROM t;
CREATE VIEW lost AS SELECT * FROM not_there;
CREATE VIEW round_about AS SELECT * FROM round_about_too;
CREATE VIEW round_about_too AS SELECT * FROM round_about;
