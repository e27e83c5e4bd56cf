select pg_try_advisory_lock($1) as free,
       least((select verified_through from changeover.run where id = $2),
             (select through from changeover.verification where run = $2 and ended_at is null))::text as
               verified_through
