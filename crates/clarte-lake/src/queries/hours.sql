-- Records of every source by hour.
select source, date_trunc('hour', time) as hour, count(*) as records
from (
    select source, time from email
    union all select source, time from delivery
    union all select source, time from http
    union all select source, time from dns
    union all select source, time from tls
    union all select source, time from network
    union all select source, time from dhcp
    union all select source, time from other
)
where time is not null
group by source, hour
order by source, hour
