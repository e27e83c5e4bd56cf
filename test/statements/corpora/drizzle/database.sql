PRAGMA foreign_keys = OFF;
CREATE TABLE `groups` (
			    `id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			    `name` text NOT NULL,
			    `description` text
			);
INSERT INTO "groups"("id", "name", "description") VALUES (1, 'Group1', NULL);
INSERT INTO "groups"("id", "name", "description") VALUES (2, 'Group2', NULL);
INSERT INTO "groups"("id", "name", "description") VALUES (3, 'Group3', NULL);
CREATE TABLE `users_to_groups` (
			    `id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			    `user_id` integer NOT NULL,
			    `group_id` integer NOT NULL
			);
INSERT INTO "users_to_groups"("id", "user_id", "group_id") VALUES (1, 1, 1);
INSERT INTO "users_to_groups"("id", "user_id", "group_id") VALUES (2, 2, 2);
INSERT INTO "users_to_groups"("id", "user_id", "group_id") VALUES (3, 3, 3);
INSERT INTO "users_to_groups"("id", "user_id", "group_id") VALUES (4, 3, 2);
CREATE TABLE `posts` (
			    `id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			    `content` text NOT NULL,
			    `owner_id` integer,
			    `created_at` integer DEFAULT current_timestamp NOT NULL
			);
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (1, 'Post1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (2, 'Post2', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (3, 'Post3', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (4, 'Post1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (5, 'Post1.2', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (6, 'Post1.3', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (7, 'Post2', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (8, 'Post2.1', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (9, 'Post3', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (10, 'Post3.1', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (11, 'Post1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (12, 'Post1.1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (13, 'Post2', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (14, 'Post3', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (15, 'Post1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (16, 'Post1.1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (17, 'Post2', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (18, 'Post2.1', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (19, 'Post3', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (20, 'Post3.1', 3, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (21, 'Post1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (22, 'Post1.1', 1, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (23, 'Post2', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (24, 'Post2.1', 2, '2026-12-01 12:58:46');
INSERT INTO "posts"("id", "content", "owner_id", "created_at") VALUES (25, 'Post3', 3, '2026-12-01 12:58:46');
CREATE TABLE `comments` (
			    `id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			    `content` text NOT NULL,
			    `creator` integer,
			    `post_id` integer,
			    `created_at` integer DEFAULT current_timestamp NOT NULL
			);
INSERT INTO "comments"("id", "content", "creator", "post_id", "created_at") VALUES (1, 'Comment1', 2, 1, '2026-12-01 12:58:46');
INSERT INTO "comments"("id", "content", "creator", "post_id", "created_at") VALUES (2, 'Comment2', 2, 2, '2026-12-01 12:58:46');
INSERT INTO "comments"("id", "content", "creator", "post_id", "created_at") VALUES (3, 'Comment3', 3, 3, '2026-12-01 12:58:46');
CREATE TABLE "__drizzle_migrations" (
				id SERIAL PRIMARY KEY,
				hash text NOT NULL,
				created_at numeric
			);
INSERT INTO "__drizzle_migrations"("id", "hash", "created_at") VALUES (NULL, '63907966b9c6e4e285a0dd6ae131a02c360cd38e8749dfb67a7275a077c5bb27', 1680202256473);
CREATE TABLE another_users (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL
);
INSERT INTO "another_users"("id", "name", "email") VALUES (1, 'John', 'email');
CREATE TABLE users12 (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL
);
INSERT INTO "users12"("id", "name", "email") VALUES (1, 'John', 'email');
CREATE TABLE "cities" (
					id integer primary key,
					name text not null
				);
INSERT INTO "cities"("id", "name") VALUES (1, 'Paris');
INSERT INTO "cities"("id", "name") VALUES (2, 'London');
INSERT INTO "cities"("id", "name") VALUES (3, 'London');
INSERT INTO "cities"("id", "name") VALUES (4, 'Paris');
INSERT INTO "cities"("id", "name") VALUES (5, 'New York');
CREATE TABLE "course_categories" (
					id integer primary key,
					name text not null
				);
INSERT INTO "course_categories"("id", "name") VALUES (1, 'Category 1');
INSERT INTO "course_categories"("id", "name") VALUES (2, 'Category 2');
INSERT INTO "course_categories"("id", "name") VALUES (3, 'Category 3');
INSERT INTO "course_categories"("id", "name") VALUES (4, 'Category 4');
CREATE TABLE "users2" (
					id integer primary key,
					name text not null,
					city_id integer references "cities"("id")
				);
INSERT INTO "users2"("id", "name", "city_id") VALUES (1, 'John', 1);
INSERT INTO "users2"("id", "name", "city_id") VALUES (2, 'Jane', 2);
INSERT INTO "users2"("id", "name", "city_id") VALUES (3, 'Jack', 2);
INSERT INTO "users2"("id", "name", "city_id") VALUES (4, 'John', NULL);
INSERT INTO "users2"("id", "name", "city_id") VALUES (5, 'Jane', NULL);
CREATE TABLE "courses" (
					id integer primary key,
					name text not null,
					category_id integer references "course_categories"("id")
				);
INSERT INTO "courses"("id", "name", "category_id") VALUES (1, 'Development', 2);
INSERT INTO "courses"("id", "name", "category_id") VALUES (2, 'IT & Software', 3);
INSERT INTO "courses"("id", "name", "category_id") VALUES (3, 'Marketing', 4);
INSERT INTO "courses"("id", "name", "category_id") VALUES (4, 'Design', 1);
CREATE TABLE "orders" (
					id integer primary key,
					region text not null,
					product text not null,
					amount integer not null,
					quantity integer not null
				);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (1, 'Ukraine', 'random_string', 1, 1);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (2, 'Europe', 'A', 10, 1);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (3, 'Europe', 'A', 20, 2);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (4, 'Europe', 'B', 20, 2);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (5, 'Europe', 'B', 30, 3);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (6, 'US', 'A', 30, 3);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (7, 'US', 'A', 40, 4);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (8, 'US', 'B', 40, 4);
INSERT INTO "orders"("id", "region", "product", "amount", "quantity") VALUES (9, 'US', 'B', 50, 5);
CREATE TABLE "pk_example" (
					id integer not null,
					name text not null,
					email text not null,
					primary key (id, name)
				);
INSERT INTO "pk_example"("id", "name", "email") VALUES (1, 'John', 'john1@example.com');
CREATE TABLE "conflict_chain_example" (
					id integer not null unique,
					name text not null,
					email text not null,
					primary key (id, name)
				);
INSERT INTO "conflict_chain_example"("id", "name", "email") VALUES (1, 'John', 'john1@example.com');
INSERT INTO "conflict_chain_example"("id", "name", "email") VALUES (2, 'John Second', 'john2@example.com');
CREATE TABLE "big_int_example" (
				  id integer primary key,
				  name text not null,
				  big_int blob not null
				);
INSERT INTO "big_int_example"("id", "name", "big_int") VALUES (1, 'one', X'30');
CREATE TABLE "users_distinct" (id integer, name text);
INSERT INTO "users_distinct"("id", "name") VALUES (1, 'John');
INSERT INTO "users_distinct"("id", "name") VALUES (1, 'John');
INSERT INTO "users_distinct"("id", "name") VALUES (2, 'John');
INSERT INTO "users_distinct"("id", "name") VALUES (1, 'Jane');
CREATE TABLE "prefixed_users" (id integer primary key, name text not null);
INSERT INTO "prefixed_users"("id", "name") VALUES (10, 'Ivan');
INSERT INTO "prefixed_users"("id", "name") VALUES (11, 'Hans');
CREATE TABLE "test" (t timestamp);
CREATE TABLE myprefix_test_prefixed_table_with_unique_name (id integer not null primary key, name text not null);
INSERT INTO "myprefix_test_prefixed_table_with_unique_name"("id", "name") VALUES (1, 'John');
CREATE TABLE users_transactions (id integer not null primary key, balance integer not null);
INSERT INTO "users_transactions"("id", "balance") VALUES (1, 100);
CREATE TABLE products_transactions (id integer not null primary key, price integer not null, stock integer not null);
INSERT INTO "products_transactions"("id", "price", "stock") VALUES (1, 10, 10);
CREATE TABLE users_nested_transactions (id integer not null primary key, balance integer not null);
INSERT INTO "users_nested_transactions"("id", "balance") VALUES (1, 100);
CREATE TABLE internal_staff (user_id integer not null);
INSERT INTO "internal_staff"("user_id") VALUES (1);
CREATE TABLE custom_user (id integer not null);
INSERT INTO "custom_user"("id") VALUES (1);
CREATE TABLE ticket (staff_id integer not null);
INSERT INTO "ticket"("staff_id") VALUES (1);
CREATE TABLE "users_join_view" (id integer not null primary key, name text not null, city_id integer not null);
INSERT INTO "users_join_view"("id", "name", "city_id") VALUES (1, 'John', 1);
INSERT INTO "users_join_view"("id", "name", "city_id") VALUES (2, 'Jane', 2);
INSERT INTO "users_join_view"("id", "name", "city_id") VALUES (3, 'Jack', 1);
INSERT INTO "users_join_view"("id", "name", "city_id") VALUES (4, 'Jill', 2);
CREATE TABLE "users" (id integer primary key, name text);
INSERT INTO "users"("id", "name") VALUES (1, NULL);
CREATE TABLE "aggregate_table" (
					    "id" integer primary key autoincrement not null,
					    "name" text not null,
					    "a" integer,
					    "b" integer,
					    "c" integer,
					    "null_only" integer
					);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (1, 'value 1', 5, 10, 20, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (2, 'value 1', 5, 20, 30, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (3, 'value 2', 10, 50, 60, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (4, 'value 3', 20, 20, NULL, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (5, 'value 4', NULL, 90, 120, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (6, 'value 5', 80, 10, NULL, NULL);
INSERT INTO "aggregate_table"("id", "name", "a", "b", "c", "null_only") VALUES (7, 'value 6', NULL, NULL, 150, NULL);
