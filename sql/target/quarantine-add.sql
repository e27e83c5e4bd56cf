insert into changeover.quarantine (run, table_id, table_name, key, what, column_name, reason, row)
values ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $8::text::jsonb)
on conflict (run, table_id, key_id) do update
set what = excluded.what, column_name = excluded.column_name, reason = excluded.reason, row = excluded.row,
  quarantined_at = clock_timestamp()
