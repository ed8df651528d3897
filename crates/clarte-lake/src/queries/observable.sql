-- The index as one table: each distinct value once, over all runs.
create view observable as
select type, value, min(first) as first, max(last) as last, sum(count) as count
from raw_observable
group by type, value
