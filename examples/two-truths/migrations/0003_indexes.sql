-- Indexes and statistics that a schema translated from SQLite would not have.

-- Up Migration
create index challenges_creator_idx on challenges (creator_id);
create index guesses_challenge_idx on guesses (challenge_id) include (correct);
create index game_sessions_expires_idx on game_sessions (expires_at);
create index token_transactions_user_idx on token_transactions (user_id, created_at desc) include (amount);

-- The front page: published challenges, newest first. Drafts and the archive take no room in it.
create index challenges_published_idx on challenges (published_at desc, id desc) where status = 'published';

-- "Who may moderate?": permissions @> '["moderate"]'
create index users_permissions_idx on users using gin (permissions jsonb_path_ops);

-- Without these the planner takes status and the date, or guess and outcome, for independent.
create statistics challenges_status_published (mcv) on status, (published_at is null) from challenges;
create statistics guesses_index_correct (dependencies, mcv) on guessed_index, correct from guesses;

-- Searching players by any part of their name needs pg_trgm. The owner of a database may install it
-- (it is a trusted extension), but some servers lack it and some do not allow it: then the
-- search goes without an index, and the rest of this file still applies.
do $$
declare
  trigrams text;
begin
  if exists (select from pg_available_extensions where name = 'pg_trgm') then
    begin
      create extension if not exists pg_trgm;
    exception when insufficient_privilege then
      raise notice 'pg_trgm may not be installed by %', current_user;
    end;
  end if;
  -- Hosted databases keep extensions in a schema that need not be on the search path.
  select quote_ident(nspname) into trigrams
    from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm';
  if trigrams is null then
    raise notice 'no pg_trgm here: users_name_trgm_idx is left out';
  else
    execute format('create index users_name_trgm_idx on users using gin (name %s.gin_trgm_ops)', trigrams);
  end if;
end
$$;

-- Down Migration
-- pg_trgm stays: others may use it by now, and it need not have been ours.
-- changeover: allow DOWN_DIFFERS extension pg_trgm
drop index if exists users_name_trgm_idx;
drop statistics guesses_index_correct, challenges_status_published;
drop index users_permissions_idx, challenges_published_idx, token_transactions_user_idx,
  game_sessions_expires_idx, guesses_challenge_idx, challenges_creator_idx;
