select f.sha256, (select min(path) from place p where p.sha256 = f.sha256), f.member, f.kind, f.count
from fault_count f
order by f.sha256, f.member, f.kind
