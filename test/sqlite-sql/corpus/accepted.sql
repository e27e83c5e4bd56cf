select 1

select -1, +1, ~1, not 1, - - 1, not not a

select 0x1F, 1_000, .5, 2., 1e5, 1.5E-3, x'00ff', X'', 'it''s', '', null, true, FALSE

select current_date, CURRENT_TIME, current_timestamp

select ?, ?1, :a, @a, $a, $a::b(c)

select a, "a", [a b], `a``b`, "a""b", t.a, main.t.a, 't'.'a', "t"."a"

select 1 as a, 2 b, 3 as 'c', 4 "d", t.*, *

select a or b and not c = d < e | f + g * h || i collate nocase

select (a or b) and c, a - (b - c), (a, b) = (1, 2), (select 1), exists (select 1), not exists (select 1)

select a == b, a != b, a <> b, a <= b, a >= b, a << 1 >> 2 & 3 | 4, a % 2 / 3

select a is null, a is not null, a isnull, a notnull, a not null, a is b, a is not b

select a is distinct from b, a is not distinct from b

select a like 'x', a not like 'x' escape '!', a glob 'x*', a not glob 'x', a regexp 'x', a match 'x', a not match 'x'

select a between 1 and 2 and b not between c and d or e

select a in (), a in (1), a not in (1, 2), a in (select 1), a in t, a not in main.t, a in generate_series(1, 2), (a, b) in (values (1, 2))

select doc -> '$.a' ->> 'b' || 'c', doc ->> 0

select cast(a as text), cast(a as unsigned big int), cast(a as decimal(10, 2)), cast(a as varchar (20)), cast(a as "double precision"), cast(a as)

select case when a then 1 end, case a when 1 then 'x' when 2 then 'y' else 'z' end

select f(), f(1, 2), count(*), count(distinct a), sum(all a), group_concat(a, ',' order by b desc, c nulls first)

select percentile(a) within group (order by b), f(1) within, sum(a) filter (where b > 1)

select sum(a) over (), sum(a) over w, sum(a) filter (where b) over (partition by c, d order by e desc)

select sum(a) over (w order by b rows between 1 preceding and current row exclude ties) from t window w as (partition by c), v as (w)

select sum(a) over (order by b range unbounded preceding), sum(a) over (order by b groups between unbounded preceding and unbounded following exclude no others)

select sum(a) over (rows between 1 following and 2 following exclude current row), sum(a) over (rows current row exclude group)

select distinct a from t where b group by c, d having count(*) > 1 order by 1, b collate nocase desc nulls last limit 5

select all a from t limit 5 offset 2

select a from t limit 2, 5

select * from t, u as x, main.v y, w indexed by i, z not indexed

select * from a join b on a.x = b.x left join c using (x, y) cross join d natural join e inner join f

select * from a left outer join b natural left join c right join d on 1 full outer join e on 2 outer left natural join f

select * from (select 1) as x, (a join b) on 1, (c), json_each(t.doc, '$.a') as j, main.f(1)

select 1 union select 2 union all select 3 except values (4), (5) intersect select 6 order by 1 limit 1

values (1, 2), (3, 4)

with a as (select 1), b (x, y) as materialized (select 1, 2), c as not materialized (values (1)) select * from a, b, c

with recursive n (i) as (select 1 union all select i + 1 from n where i < 10) select i from n

insert into t values (1, 2)

insert into main.t as x (a, "b") select a, b from u where true on conflict (a collate nocase desc) where a > 1 do update set a = excluded.a, (b, c) = (1, 2) where x.a = 1 on conflict do nothing returning *, a as y

insert or replace into t default values returning a

insert or ignore into t (a) values (1) on conflict do update set a = 1

replace into t (a) values (1)

with c as (select 1) insert into t select * from c

update t set a = 1

update or rollback main.t as x indexed by i set a = 1, (b, c) = (select 1, 2), (d) = 3 from u join v on 1 where x.a = u.a returning a, b

with c as (select 1) update or fail t not indexed set a = (select * from c)

delete from t

delete from main.t as x indexed by i where a = 1 returning *

delete from t where a order by b limit 1 offset 2

update t set a = 1 order by b limit 1

create table t (a)

create temp table if not exists temp.t (id integer primary key desc on conflict ignore autoincrement, a text not null on conflict fail default 'x' collate nocase, b unsigned big int (10) null, c decimal(10, -2) constraint k unique check (c > 0), d "weird type" default (1 + 2), e default -1.5, f default + 2, g default abc, h default current_timestamp, i default "x y", j 'quoted' default null)

create table t (a references u, b int references u (x, y) on delete cascade on update set null match full not deferrable initially immediate deferrable initially deferred, c references u on insert no action on delete restrict on update set default)

create table t (a int, b int generated always as (a + 1) stored, c as (a * 2) virtual, d generated always as (1), e integer generated always as (a))

create table t (a, b, constraint p primary key (a collate nocase desc, b asc) on conflict abort, unique (b) on conflict replace constraint f foreign key (a, b) references u (x, y) on delete cascade deferrable, check (a > b) constraint loose)

create table t (a integer, primary key (a autoincrement))

create table t (a primary key) without rowid, strict

create table t (a) random rowid

create table main.t as select 1 as a

create table "select" ([from] text, `where` int, 'group' blob)

create unique index if not exists main.i on t (a, b collate nocase desc, lower(c), (d + 1)) where a is not null

create temporary view if not exists v (a, b) as select 1, 2

create trigger r after insert on t begin select 1; end

create temp trigger if not exists main.r instead of update of a, b on v for each row when new.a <> old.a begin update or ignore u set a = new.a where b = old.b; insert into u values (new.a) on conflict do nothing; delete from u where a = old.a; select raise(abort, 'no'), raise(ignore), raise(fail, 'x' || 'y'); with c as (select 1) select * from c; end

create trigger r before delete on t begin update t set a = u.b from u where t.a = u.a; end

create virtual table v using fts5

create virtual table if not exists main.v using fts5 (title, body, tokenize = "unicode61 remove_diacritics 2", content='', a(b, c) d,)

create function if not exists f language wasm as 'body'

drop function if exists f

alter table main.t rename to u

alter table t rename a to b

alter table t rename column a to b

alter table t add a

alter table t add column a integer not null default 1 references u (b)

alter table t drop column a

alter table t alter column a to a text not null

drop table if exists main.t

drop index i

drop view v

drop trigger if exists r

begin

begin immediate transaction

begin exclusive transaction named

begin readonly

commit

end transaction

rollback

rollback transaction to savepoint s

savepoint s

release s

attach 'file.db' as other key 'secret'

attach database :file as x

detach database other

vacuum

vacuum main into 'file.db'

analyze

analyze main.t

reindex nocase

pragma foreign_keys

pragma main.user_version = 5

pragma cache_size = -2000

pragma table_info('t')

pragma synchronous(on)

pragma journal_mode = delete

explain select 1

explain query plan delete from t

select replace, abort, key, rows, end, if, like from temp where action = 1

select window, over, filter from filter window w as (partition by over)

select a/*comment*/+--line
b/**/-c /* not ended
