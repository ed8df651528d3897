-- Sorted runs of one class as one sorted stream.
select * from part order by time asc nulls first
