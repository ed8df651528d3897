select id, evidence, records from run order by id
