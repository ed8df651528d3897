-- Faults by file and kind, the most first.
select path, kind, sum(count) as faults
from fault_count
group by path, kind
order by faults desc, path, kind
