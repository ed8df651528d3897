select f.sha256, (select min(path) from place p where p.sha256 = f.sha256), f.member,
       f.offset, f.length, f.kind, f.detail
from fault f
order by f.sha256, f.member, f.offset
