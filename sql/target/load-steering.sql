-- Whether the run is paused, and the rate that was asked for.
select paused_by as "pausedBy", to_char(paused_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "pausedAt",
       max_rate as "maxRate", rated_by as "ratedBy",
       to_char(rated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "ratedAt"
from changeover.steering
where run = $1
