-- Withdraws what was asked by a process that is gone: nobody waits for that answer.
update changeover.control
set state = 'withdrawn', answered_at = clock_timestamp()
where run = $1 and state = 'asked' and asked_at <= clock_timestamp() - interval '15 s'
