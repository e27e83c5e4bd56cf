-- The schema of a database, one line for each object, so that two states can be compared line by line. Objects of
-- extensions are represented by the extension's version. Migrations tables are left out. The caller empties
-- search_path, so that all names are qualified.
with
members as (select classid, objid from pg_depend where deptype = 'e'),
own_schema as (
  select oid, nspname, nspowner, nspacl from pg_namespace
  where nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
    and not exists (select from members m where m.classid = 'pg_namespace'::regclass and m.objid = pg_namespace.oid)
),
own_relation as (
  select c.*, format('%I.%I', s.nspname, c.relname) as name
  from pg_class c join own_schema s on s.oid = c.relnamespace
  where c.relname not in ('pgmigrations', 'pgmigrations_pkey', 'pgmigrations_id_seq')
    and not exists (select from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
),
own_column as (
  select a.*, r.name as relation, r.relkind, format('%s.%I', r.name, a.attname) as name,
         (array['PLAIN', 'EXTERNAL', 'EXTENDED', 'MAIN'])[position(a.attstorage in 'pexm')] as storage
  from pg_attribute a join own_relation r on r.oid = a.attrelid
  where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
),
own_type as (
  select t.*, format('%I.%I', s.nspname, t.typname) as name
  from pg_type t join own_schema s on s.oid = t.typnamespace
  where not exists (select from members m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
),
own_function as (
  select p.*, p.oid::regprocedure::text as name
  from pg_proc p join own_schema s on s.oid = p.pronamespace
  where not exists (select from members m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)
    -- A range type creates its own constructors.
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid
      and d.deptype = 'i')
),
initial as (select classoid, objoid, initprivs from pg_init_privs where objsubid = 0),
-- Privileges beyond the default ones of an object type; a revoked privilege leaves nothing.
acl (what, entries, usual) as (
  select format('schema %I', nspname), nspacl, acldefault('n', nspowner) from own_schema
  union all select format('%s %s', case relkind when 'S' then 'sequence' else 'table' end, name), relacl,
    acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner) from own_relation
    where relkind not in ('i', 'I', 'c')
  union all select format('column %s', name), attacl, null from own_column
  union all select format('function %s', name), proacl, acldefault('f', proowner) from own_function
  union all select format('type %s', name), typacl, acldefault('T', typowner) from own_type
  union all select format('language %I', lanname), lanacl, coalesce(initprivs, acldefault('l', lanowner))
    from pg_language left join initial on classoid = 'pg_language'::regclass and objoid = oid
  -- What belongs to PostgreSQL or an extension: its privileges count where someone has changed them.
  union all select format('function %s', p.oid::regprocedure), proacl, coalesce(initprivs, acldefault('f', proowner))
    from pg_proc p left join initial on classoid = 'pg_proc'::regclass and objoid = p.oid
    where proacl is not null and (p.oid < 16384
      or exists (select from members m where m.classid = 'pg_proc'::regclass and m.objid = p.oid))
  union all select format('table %s', c.oid::regclass), relacl,
      coalesce(initprivs, acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner))
    from pg_class c left join initial on classoid = 'pg_class'::regclass and objoid = c.oid
    where relacl is not null and (c.oid < 16384
      or exists (select from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid))
  union all select format('type %s', t.oid::regtype), typacl, coalesce(initprivs, acldefault('T', typowner))
    from pg_type t left join initial on classoid = 'pg_type'::regclass and objoid = t.oid
    where typacl is not null and (t.oid < 16384
      or exists (select from members m where m.classid = 'pg_type'::regclass and m.objid = t.oid))
  union all select format('foreign data wrapper %I', fdwname), fdwacl, acldefault('F', fdwowner)
    from pg_foreign_data_wrapper
  union all select format('server %I', srvname), srvacl, acldefault('S', srvowner) from pg_foreign_server
  union all select format('objects to come: %s of %I%s', d.defaclobjtype, pg_get_userbyid(d.defaclrole),
    (select format(' in %I', nspname) from pg_namespace where oid = d.defaclnamespace)), d.defaclacl, null
    from pg_default_acl d
),
granted as (
  select what, coalesce((select string_agg(privilege, ', ' order by privilege) from (
      select format('%s to %s%s', lower(g.privilege_type), case g.grantee when 0 then 'public'
        else quote_ident(pg_get_userbyid(g.grantee)) end, case when g.is_grantable then ' with grant option' end) as
        privilege
      from aclexplode(coalesce(entries, usual)) g) p), 'nothing') as said,
    coalesce((select string_agg(format('%s', u), ', ' order by u::text) from unnest(usual) u), '') as usual,
    coalesce((select string_agg(format('%s', u), ', ' order by u::text) from unnest(entries) u), '') as entries
  from acl where entries is not null
)
select line from (
  select format('schema %I owned by %I', nspname, pg_get_userbyid(nspowner)) as line from own_schema
  union all
  select format('extension %I %s in %I', extname, extversion, n.nspname) from pg_extension e
    join pg_namespace n on n.oid = e.extnamespace
  union all
  select format('grant on %s: %s', what, said) from granted where entries <> usual
  union all
  select format('%s %s: %s', case relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
    when 'm' then 'materialized view' when 'f' then 'foreign table' when 'c' then 'composite type'
    when 'S' then 'sequence' end, name,
      concat_ws(', ', 'owned by ' || quote_ident(pg_get_userbyid(relowner)),
        case relpersistence when 'u' then 'unlogged' end,
        'access method ' || (select amname from pg_am where pg_am.oid = relam and amname <> 'heap'),
        'tablespace ' || (select spcname from pg_tablespace where pg_tablespace.oid = reltablespace),
        'with ' || nullif(array_to_string(array(select unnest(reloptions) order by 1), ' '), ''),
        'partition by ' || case relkind when 'p' then pg_get_partkeydef(o.oid) end,
        'partition ' || pg_get_expr(relpartbound, o.oid),
        'inherits ' || nullif(array_to_string(array(select inhparent::regclass::text from pg_inherits
          where inhrelid = o.oid order by inhseqno), ' '), ''),
        'of type ' || case when reloftype <> 0 then format_type(reloftype, null) end,
        case when relrowsecurity then 'row security' end, case when relforcerowsecurity then 'forced row security' end,
        'replica identity ' || case when relkind in ('r', 'p') then case relreplident when 'f' then 'full'
          when 'n' then 'nothing' when 'i' then 'by index' end end,
        case when relkind = 'm' and not relispopulated then 'not populated' end))
    from own_relation o where relkind not in ('i', 'I', 't')
  union all
  select format('column order %s: %s', relation, string_agg(quote_ident(attname), ', ' order by attnum))
    from own_column group by relation
  union all
  select format('column %s: %s', name, concat_ws(', ', format_type(atttypid, atttypmod),
        'collation ' || case when attcollation <> (select typcollation from pg_type where pg_type.oid = atttypid)
          then attcollation::regcollation::text end,
        case when attnotnull then 'not null' end,
        case attgenerated when '' then 'default ' when 's' then 'generated stored '
          else 'generated virtual ' end || pg_get_expr(d.adbin, d.adrelid),
        case attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
        'storage ' || case when c.attstorage <> (select typstorage from pg_type where pg_type.oid = atttypid)
          then storage end,
        'compression ' || case attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
        -- -1 until PostgreSQL 16, null since 17.
        'statistics ' || nullif(attstattarget::integer, -1),
        -- PostgreSQL's own options only: some servers keep a counter of theirs there, which each change moves.
        'with ' || nullif(array_to_string(array(select unnest(attfdwoptions) union all select option
          from unnest(attoptions) as option where option ~ '^n_distinct(_inherited)?=' order by 1), ' '), ''),
        case when not attislocal then 'inherited' end))
    from own_column c left join pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum
  union all
  select format('constraint %I on %s: %s', conname, coalesce(r.name, 'domain ' || t.name),
    concat_ws(', ', pg_get_constraintdef(k.oid), case when not convalidated
    and pg_get_constraintdef(k.oid) !~ 'NOT VALID|NOT ENFORCED' then 'not valid' end))
    from pg_constraint k left join own_relation r on r.oid = k.conrelid left join own_type t on t.oid = k.contypid
    where r.oid is not null or t.oid is not null
  union all
  select format('index %s: %s', r.name,
    concat_ws(', ', pg_get_indexdef(i.indexrelid), case when not i.indisvalid then 'invalid' end, case
    when i.indisclustered then 'clustered' end, case when i.indisreplident then 'replica identity' end,
        'tablespace ' || (select spcname from pg_tablespace where pg_tablespace.oid = r.reltablespace),
        'statistics ' || nullif(array_to_string(array(select format('%s=%s', attnum, attstattarget) from pg_attribute
          where attrelid = i.indexrelid and attstattarget::integer >= 0 order by attnum), ' '), '')))
    from pg_index i join own_relation r on r.oid = i.indexrelid
  union all
  select format('sequence %s: %s', r.name,
    concat_ws(', ', format_type(seqtypid, null), 'start ' || seqstart, 'increment ' || seqincrement, 'min ' || seqmin,
    'max ' || seqmax, 'cache ' || seqcache, case when seqcycle then 'cycle' end,
        'owned by ' || (select c.name from pg_depend d join own_column c on c.attrelid = d.refobjid
          and c.attnum = d.refobjsubid where d.classid = 'pg_class'::regclass and d.objid = r.oid
          and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass)))
    from pg_sequence s join own_relation r on r.oid = s.seqrelid
  union all
  select format('query of %s: %s', name, pg_get_viewdef(oid)) from own_relation where relkind in ('v', 'm')
  union all
  select format('rule %I on %s: %s', rulename, r.name, concat_ws(', ', pg_get_ruledef(w.oid), case ev_enabled
    when 'D' then 'disabled' when 'R' then 'on replicas' when 'A' then 'always' end)) from pg_rewrite w
    join own_relation r on r.oid = w.ev_class where rulename <> '_RETURN'
  union all
  select format('trigger %I on %s: %s', tgname, r.name,
    concat_ws(', ', pg_get_triggerdef(t.oid), case tgenabled when 'D' then 'disabled' when 'R' then 'on replicas'
    when 'A' then 'always' end))
    from pg_trigger t join own_relation r on r.oid = t.tgrelid where not tgisinternal
      and t.tgfoid not in (select p.oid from pg_proc p join pg_namespace s on s.oid = p.pronamespace
      where s.nspname ~ '^changeover(_|$)')
  union all
  select format('policy %I on %s: %s', polname, r.name,
    concat_ws(', ', case when polpermissive then 'permissive' else 'restrictive' end, 'for ' || case polcmd
    when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
        'to ' || array_to_string(array(select case member when 0 then 'public' else pg_get_userbyid(member) end
          from unnest(polroles) member order by 1), ' '), 'using ' || pg_get_expr(polqual, polrelid),
          'with check ' || pg_get_expr(polwithcheck, polrelid)))
    from pg_policy join own_relation r on r.oid = polrelid
  union all
  select format('function %s owned by %I: %s', name, pg_get_userbyid(proowner), pg_get_functiondef(oid))
    from own_function where prokind <> 'a'
  union all
  select format('aggregate %s owned by %I: %s', f.name, pg_get_userbyid(proowner),
    concat_ws(', ', aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn,
    aggmfinalfn, aggtranstype::regtype, aggmtranstype::regtype, aggsortop::regoper, agginitval, aggminitval))
    from own_function f join pg_aggregate a on a.aggfnoid = f.oid
  union all
  select format('enum type %s owned by %I: %s', name, pg_get_userbyid(typowner),
    array_to_string(array(select quote_literal(enumlabel) from pg_enum where enumtypid = t.oid order by enumsortorder),
    ', ')) from own_type t where typtype = 'e'
  union all
  select format('domain %s owned by %I: %s', name, pg_get_userbyid(typowner),
    concat_ws(', ', format_type(typbasetype, typtypmod), case
    when typnotnull then 'not null' end, 'default ' || typdefault, 'collation ' || case
    when typcollation <> 0 then typcollation::regcollation::text end)) from own_type where typtype = 'd'
  union all
  select format('range type %s owned by %I: %s', t.name, pg_get_userbyid(typowner),
    concat_ws(', ', format_type(rngsubtype, null), (select opcname from pg_opclass where pg_opclass.oid = rngsubopc),
    rngcanonical, rngsubdiff)) from own_type t join pg_range on rngtypid = t.oid
  union all
  select format('type %s owned by %I: %s', name, pg_get_userbyid(typowner),
    concat_ws(', ', typinput, typoutput, typlen, typalign, typstorage, typcategory)) from own_type where typtype = 'b'
    and typelem = 0
  union all
  select format('operator %s owned by %I: %s', o.oid::regoperator, pg_get_userbyid(oprowner),
    concat_ws(', ', oprcode, oprcom::regoperator, oprnegate::regoperator, oprrest, oprjoin, case
    when oprcanmerge then 'merges' end, case when oprcanhash then 'hashes' end))
    from pg_operator o join own_schema s on s.oid = o.oprnamespace
      where not exists (select from members m where m.classid = 'pg_operator'::regclass and m.objid = o.oid)
  union all
  select format('operator class %I.%I using %I owned by %I: %s', s.nspname, opcname, amname, pg_get_userbyid(opcowner),
    concat_ws(', ', opcintype::regtype, case when opcdefault then 'default' end,
      'storage ' || nullif(opckeytype, 0)::regtype, (select format('family %s.%I', f.opfnamespace::regnamespace, opfname)
        from pg_opfamily f where f.oid = opcfamily),
      (select string_agg(pg_describe_object(d.classid, d.objid, 0), ', '
        order by pg_describe_object(d.classid, d.objid, 0) collate "C")
        from pg_depend d where d.refclassid = 'pg_opclass'::regclass and d.refobjid = o.oid and d.deptype = 'i')))
    from pg_opclass o join own_schema s on s.oid = o.opcnamespace join pg_am on pg_am.oid = o.opcmethod
      where not exists (select from members m where m.classid = 'pg_opclass'::regclass and m.objid = o.oid)
  union all
  select format('operator family %I.%I using %I owned by %I: %s', s.nspname, opfname, amname, pg_get_userbyid(opfowner),
    -- By text: an oid differs each time that an object is created.
    concat_ws(', ', (select string_agg(format('%s %s%s', amopstrategy, amopopr::regoperator, (
        select format(' for order by %s.%I', b.opfnamespace::regnamespace, b.opfname) from pg_opfamily b
          where b.oid = amopsortfamily)), ' ' order by amopstrategy, amopopr::regoperator::text collate "C")
        from pg_amop where amopfamily = f.oid),
      (select string_agg(format('%s %s for %s, %s', amprocnum, amproc::regprocedure, amproclefttype::regtype,
          amprocrighttype::regtype), ' ' order by amprocnum, amproc::regprocedure::text collate "C",
          amproclefttype::regtype::text collate "C", amprocrighttype::regtype::text collate "C")
        from pg_amproc where amprocfamily = f.oid)))
    from pg_opfamily f join own_schema s on s.oid = f.opfnamespace join pg_am on pg_am.oid = f.opfmethod
      where not exists (select from members m where m.classid = 'pg_opfamily'::regclass and m.objid = f.oid)
  union all
  select format('cast %s to %s: %s', castsource::regtype, casttarget::regtype,
    concat_ws(', ', castcontext, castmethod, nullif(castfunc, 0)::regprocedure))
    from pg_cast where oid >= 16384 and not exists
      (select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = pg_cast.oid and d.deptype = 'i')
      and not exists (select from members m where m.classid = 'pg_cast'::regclass and m.objid = pg_cast.oid)
  union all
  select format('collation %I.%I owned by %I: %s', s.nspname, collname, pg_get_userbyid(collowner),
    concat_ws(', ', collprovider, to_jsonb(c) ->> 'collcollate', to_jsonb(c) ->> 'collctype',
    to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', case
    when not collisdeterministic then 'not deterministic' end))
    from pg_collation c join own_schema s on s.oid = c.collnamespace
      where not exists (select from members m where m.classid = 'pg_collation'::regclass and m.objid = c.oid)
  union all
  select format('conversion %I.%I owned by %I: %s to %s by %s%s', s.nspname, conname, pg_get_userbyid(conowner),
      conforencoding, contoencoding, conproc, case when condefault then ', default' end)
    from pg_conversion c join own_schema s on s.oid = c.connamespace
  union all
  select format('text search configuration %I.%I owned by %I: parser %s, %s', s.nspname, cfgname,
    pg_get_userbyid(cfgowner), (select prsname from pg_ts_parser where pg_ts_parser.oid = cfgparser),
    (select string_agg(format('%s=%s', maptokentype, mapdict::regdictionary), ' ' order by maptokentype, mapseqno)
    from pg_ts_config_map where mapcfg = c.oid))
    from pg_ts_config c join own_schema s on s.oid = c.cfgnamespace
      where not exists (select from members m where m.classid = 'pg_ts_config'::regclass and m.objid = c.oid)
  union all
  select format('text search dictionary %I.%I owned by %I: template %s, %s', s.nspname, dictname,
      pg_get_userbyid(dictowner), (select tmplname from pg_ts_template where pg_ts_template.oid = dicttemplate),
      dictinitoption)
    from pg_ts_dict d join own_schema s on s.oid = d.dictnamespace
      where not exists (select from members m where m.classid = 'pg_ts_dict'::regclass and m.objid = d.oid)
  union all
  select format('text search parser %I.%I: %s', s.nspname, prsname,
      concat_ws(', ', prsstart, prstoken, prsend, nullif(prsheadline, 0)::regproc, prslextype)) from pg_ts_parser p
    join own_schema s on s.oid = p.prsnamespace
    where not exists (select from members m where m.classid = 'pg_ts_parser'::regclass and m.objid = p.oid)
  union all
  select format('text search template %I.%I: %s', s.nspname, tmplname,
      concat_ws(', ', nullif(tmplinit, 0)::regproc, tmpllexize)) from pg_ts_template p
    join own_schema s on s.oid = p.tmplnamespace
    where not exists (select from members m where m.classid = 'pg_ts_template'::regclass and m.objid = p.oid)
  union all
  select format('statistics %I.%I owned by %I: %s', s.nspname, stxname, pg_get_userbyid(stxowner),
    concat_ws(', ', pg_get_statisticsobjdef(x.oid), 'target ' || nullif(stxstattarget::integer, -1)))
    from pg_statistic_ext x join own_schema s on s.oid = x.stxnamespace
  union all
  select format('language %I owned by %I: %s', lanname, pg_get_userbyid(lanowner),
    concat_ws(', ', lanplcallfoid::regproc, nullif(laninline, 0)::regproc, nullif(lanvalidator, 0)::regproc,
      case when lanpltrusted then 'trusted' end)) from pg_language l
    where oid >= 16384 and not exists (select from members m where m.classid = 'pg_language'::regclass
    and m.objid = l.oid)
  union all
  select format('event trigger %I owned by %I: %s', evtname, pg_get_userbyid(evtowner),
    concat_ws(', ', evtevent, evtfoid::regproc, evtenabled, array_to_string(evttags, ' '))) from pg_event_trigger e
    where not exists (select from members m where m.classid = 'pg_event_trigger'::regclass and m.objid = e.oid)
  union all
  select format('access method %I: %s', amname, concat_ws(', ', amtype, amhandler)) from pg_am a
    where oid >= 16384 and not exists (select from members m where m.classid = 'pg_am'::regclass and m.objid = a.oid)
  union all
  select format('transform of %s for %I: %s', trftype::regtype, lanname,
    concat_ws(', ', nullif(trffromsql, 0)::regprocedure, nullif(trftosql, 0)::regprocedure))
    from pg_transform t join pg_language on pg_language.oid = trflang
    where not exists (select from members m where m.classid = 'pg_transform'::regclass and m.objid = t.oid)
  union all
  select format('publication %I owned by %I: %s', pubname, pg_get_userbyid(pubowner),
    concat_ws(', ', case when puballtables then 'all tables' end, case when pubinsert then 'insert' end, case
    when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end,
        case when pubviaroot then 'via the root' end, 'generated columns ' || (to_jsonb(p) ->> 'pubgencols'),
        -- Since PostgreSQL 15 there are schemas, column lists and row filters. Before, their columns do not exist.
        (select string_agg(what, ', ' order by what) from (select pg_describe_object(classid, objid, 0) as what
          from pg_depend where refclassid = 'pg_publication'::regclass and refobjid = p.oid) d),
        (select string_agg(prrelid::regclass || ' columns ' || (
            select string_agg(quote_ident(attname), ' ' order by attname collate "C") from pg_attribute
              where attrelid = prrelid and attnum::text = any (string_to_array(to_jsonb(r) ->> 'prattrs', ' '))),
          ', ' order by prrelid::regclass::text collate "C")
          from pg_publication_rel r where prpubid = p.oid),
        (select string_agg(format('%I.%I where ', schemaname, tablename) || (to_jsonb(t) ->> 'rowfilter'), ', '
            order by schemaname, tablename) from pg_publication_tables t where t.pubname = p.pubname)))
    from pg_publication p
  union all
  select format('subscription %I owned by %I: %s', subname, pg_get_userbyid(subowner),
    concat_ws(', ', array_to_string(subpublications, ' '), subslotname, case when not subenabled then 'disabled' end,
      case when subbinary then 'binary' end, 'streaming ' || substream::text, subsynccommit)) from pg_subscription
    where subdbid = (select oid from pg_database where datname = current_database())
  union all
  select format('foreign data wrapper %I owned by %I: %s', fdwname, pg_get_userbyid(fdwowner),
    concat_ws(', ', nullif(fdwhandler, 0)::regproc, nullif(fdwvalidator, 0)::regproc, array_to_string(fdwoptions, ' ')))
    from pg_foreign_data_wrapper f
    where not exists (select from members m where m.classid = 'pg_foreign_data_wrapper'::regclass and m.objid = f.oid)
  union all
  select format('server %I owned by %I: %s', srvname, pg_get_userbyid(srvowner),
      concat_ws(', ', (select fdwname from pg_foreign_data_wrapper f where f.oid = srvfdw), srvtype, srvversion,
        array_to_string(srvoptions, ' ')))
    from pg_foreign_server
  union all
  -- Options may hold a password: their digest tells a difference.
  select format('user mapping of %I: %I, options %s', srvname, usename, md5(umoptions::text)) from pg_user_mappings
  union all
  select format('foreign table %s: server %s%s', ftrelid::regclass,
    (select srvname from pg_foreign_server f where f.oid = ftserver), ' ' || array_to_string(ftoptions, ' '))
    from pg_foreign_table
  union all
  select format('setting of the database%s: %s',
    (select format(' for %I', rolname) from pg_roles where pg_roles.oid = setrole),
    array_to_string(array(select unnest(setconfig) order by 1), ' '))
    from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())
  union all
  -- Below 16384: created by initdb. A comment on the schema public may still be the user's.
  select format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description) from pg_description d
    where classoid <> 'pg_extension'::regclass
      and (objoid >= 16384 or classoid = 'pg_namespace'::regclass
        and objoid = (select oid from pg_namespace where nspname = 'public'))
      and not exists (select from members m where m.classid = d.classoid and m.objid = d.objoid)
        and pg_describe_object(classoid, objoid, objsubid) !~ '\mchangeover(_[A-Za-z0-9_-]+)?"?\.|\mpgmigrations'
        -- Null for what is in no schema.
        and coalesce((pg_identify_object(classoid, objoid, objsubid)).schema !~
          '^(pg_|changeover(_|$)|information_schema$)', true)
  union all
  select format('security label on %s: %s %s', objtype, objname, label) from pg_seclabels where objoid >= 16384
) as lines
order by line collate "C"
