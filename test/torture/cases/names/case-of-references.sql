-- Foreign keys, indexes and views that spell names in another case than the tables do
-- expect: arrives
-- target: select count(*) from pg_constraint where contype = 'f' and conrelid = '"Child"'::regclass => 1
-- target: select * from "Both" => 1 | x
CREATE TABLE Parent(Id INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE Child(id INTEGER PRIMARY KEY, PARENT_ID INTEGER REFERENCES PARENT(ID));
CREATE INDEX child_parent ON CHILD(parent_id);
CREATE VIEW Both AS SELECT child.ID, parent.NAME FROM child JOIN PARENT ON parent.id = CHILD.Parent_Id;
INSERT INTO parent VALUES (7, 'x');
INSERT INTO child VALUES (1, 7);
