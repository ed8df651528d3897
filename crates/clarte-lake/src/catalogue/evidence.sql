select e.number, e.sha256, min(p.path), count(distinct p.path), s.formats, e.bytes,
       s.bytes, s.parsed, s.faulted, s.bytes - s.parsed - s.faulted, s.records
from evidence e
left join place p using (sha256)
left join (
    select sha256, group_concat(distinct format) as formats, sum(bytes) as bytes,
           sum(parsed) as parsed, sum(faulted) as faulted, sum(records) as records
    from stream group by sha256
) s using (sha256)
group by e.sha256
order by e.number
