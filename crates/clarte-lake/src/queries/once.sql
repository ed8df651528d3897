-- Each event of a class once: exports that overlap hold the same event, with
-- the same id of its source. Its first place stands for it, `copies` has all.
create view CLASS as
with placed as (
  select
    *,
    concat(evidence_number, ':', "offset", '+', length, '#', "index", '!/' || member) as place
  from all_CLASS
),
several as (
  select metadata_uid as uid, source as of, min(place) as first, array_agg(place) as copies
  from placed
  where metadata_uid is not null
  group by metadata_uid, source
  having count(*) > 1
)
select placed.* except (place), array_sort(several.copies) as copies
from placed left join several on metadata_uid = uid and source = of
where several.uid is null or place = first
