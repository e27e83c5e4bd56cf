-- INTEGER columns that a typed client (Diesel, sqlx, Npgsql, JPA) reads as 32 bits: as bigint every login fails without a word
-- expect: arrives
-- before: create table users(uuid char(36) primary key, email text not null unique, client_kdf_iter integer not null default 100000, enabled boolean not null default true)
-- target: select pg_typeof(client_kdf_iter)::text, pg_typeof(enabled)::text from users limit 1 => integer | boolean
-- during: UPDATE users SET client_kdf_iter = 600000 WHERE uuid = 'u1'
CREATE TABLE users(uuid TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, client_kdf_iter INTEGER NOT NULL DEFAULT 100000, enabled BOOLEAN NOT NULL DEFAULT 1);
INSERT INTO users VALUES ('u1', 'a@example.org', 100000, 1), ('u2', 'b@example.org', 2147483647, 0);
