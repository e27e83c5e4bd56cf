selec 1

select

select 1 +

select (1

select 1)

select from t

select a,, b

select 'not ended

select "not ended

select [not ended

select 1x

select 12abc from t

select x'0'

select x'zz'

select a from t where

select a from t order by

select a from t limit 1 order by a

select 1 order by 1 union select 2

select 1 limit 1 union all select 2

select * from t on 1

select * from t using (a)

select * from t inner outer join u

select * from t outer join u

select * from t left right join

select a from t group a

select case end

select cast(a, text)

select a between 1

select a not 1

select a is not not null null

select raise(nothing, 'x')

select ?0

select ?99999

select #1

select sum(a) over w w2 w3

insert t values (1)

insert into t values

insert into t (a

update t a = 1

update set a = 1

delete t

create table t

create table t ()

create table t (a,)

create table t (primary key (a))

create table t (a) without rows

create table t (a) strictly

create table t (a) strict without rowid

create table t (a as (1) kept)

create table t (a default b c (d) e f default)

create index on t (a)

create index i on t ()

create index i on main.t (a)

create view v select 1

create trigger r on t begin select 1; end

create trigger r after insert on t begin select 1 end

create trigger r after insert on t begin end

create trigger r after update on t begin update t indexed by i set a = 1; end

create trigger r after insert on t begin insert into t default values; end

create trigger r after insert on t begin create table u (a); end

create virtual table v using m (a

create virtual table v using m (a) b

alter table t add column

alter table t rename a

drop t

begin now

pragma a b

explain explain select 1

with a select 1

with a as select 1 select 2

with recursive select 1

select 1 select 2

select a ! b

select a ^ b

select {a}
