-- Hosts asked for, the rarest first, with who asked.
select value as host, count, first, last
from observable
where type = 'hostname'
order by count, host
