-- A database without a table
-- expect: arrives
CREATE VIEW v AS SELECT 1 AS one;
