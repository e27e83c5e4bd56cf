-- Rows that refer to rows that do not exist
-- expect: arrives
-- finding: FOREIGN_KEY_VIOLATED c
-- target: select count(*) from pg_constraint where contype = 'f' and not convalidated and connamespace = 'public'::regnamespace => 1
-- target: insert into c values (9, 77) => PostgresError: insert or update on table "c" violates foreign key constraint "c_p_fkey"
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE c(id INTEGER PRIMARY KEY, p INTEGER REFERENCES p(id));
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1), (2, 99);
