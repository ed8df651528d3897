-- Records, first and last time of every kind of source.
select source, count(*) as records, min(time) as first, max(time) as last
from event
group by source
order by source
