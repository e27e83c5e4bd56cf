-- In SQLite each statement of the application had to remember updated_at. Here a trigger does,
-- unless the statement sets it itself or changes nothing.

-- Up Migration
create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger users_updated_at before update on users for each row
  when (new.updated_at is not distinct from old.updated_at and new is distinct from old)
  execute function touch_updated_at();

create trigger challenges_updated_at before update on challenges for each row
  when (new.updated_at is not distinct from old.updated_at and new is distinct from old)
  execute function touch_updated_at();

-- Down Migration
drop trigger challenges_updated_at on challenges;
drop trigger users_updated_at on users;
drop function touch_updated_at();
