-- Asks, unless another request waits for its answer.
insert into changeover.control (run, action, max_rate, confirmed, asked_by, history)
values ($1, $2, $3::text::bigint::integer, $4::text::boolean, $5, $6::text::bigint)
on conflict (run) where state = 'asked' do nothing
returning id::text as id
