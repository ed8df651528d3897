-- Records of every source by hour.
select source, date_trunc('hour', time) as hour, count(*) as records
from event
where time is not null
group by source, hour
order by source, hour
