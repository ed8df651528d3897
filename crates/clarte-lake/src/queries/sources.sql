-- Records, first and last time of every kind of source.
select source, count(*) as records, min(time) as first, max(time) as last
from (
    select source, time from email
    union all select source, time from delivery
    union all select source, time from http
    union all select source, time from dns
    union all select source, time from tls
    union all select source, time from network
    union all select source, time from dhcp
    union all select source, time from person
    union all select source, time from other
)
group by source
order by source
