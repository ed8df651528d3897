"""Which listed values a lake shows, when first and last and how often:
records|index LAKE LIST THREADS.

`records` asks the records alone, as one would who has no index: distinct values
of every column where a host or an address can stand, names also by their
parents, joined with the list. `index` asks our index with DuckDB.
"""

import json
import sys
import time

import duckdb

RECORDS = """
    WITH dns AS (SELECT * FROM read_parquet('{lake}/records/dns/*.parquet', union_by_name=true)),
    network AS (SELECT * FROM read_parquet('{lake}/records/network/*.parquet', union_by_name=true)),
    answers AS (SELECT unnest(answers_rdata) AS value, time FROM dns),
    distinct_values AS (
        SELECT query_hostname AS value, min(time) AS first, max(time) AS last, count(*) AS count
            FROM dns GROUP BY ALL
        UNION ALL SELECT value, min(time), max(time), count(*) FROM answers GROUP BY value
        UNION ALL SELECT src_endpoint_ip, min(time), max(time), count(*) FROM dns GROUP BY ALL
        UNION ALL SELECT dst_endpoint_ip, min(time), max(time), count(*) FROM dns GROUP BY ALL
        UNION ALL SELECT src_endpoint_ip, min(time), max(time), count(*) FROM network GROUP BY ALL
        UNION ALL SELECT dst_endpoint_ip, min(time), max(time), count(*) FROM network GROUP BY ALL
    ),
    labelled AS (SELECT *, string_split(value, '.') AS labels FROM distinct_values),
    parents AS (
        SELECT array_to_string(labels[-depth:], '.') AS value, first, last, count
        FROM labelled, range(1, 6) AS depths(depth)
        WHERE depth < len(labels) AND NOT regexp_matches(value, '^[0-9.]+$')
    ),
    sights AS (SELECT value, first, last, count FROM distinct_values
               UNION ALL SELECT * FROM parents)
    SELECT value, epoch_ns(min(first)), epoch_ns(max(last)), sum(count)::BIGINT
    FROM sights JOIN wanted USING (value) GROUP BY value"""

# A name of two labels is counted in `domain` with all below it, itself included.
INDEX = """
    WITH counted AS (
        SELECT type, value, min(first) AS first, max(last) AS last, sum(count) AS count
        FROM '{lake}/observables/*.parquet' JOIN wanted USING (value)
        WHERE type IN ('domain', 'hostname', 'ip') GROUP BY type, value
    )
    SELECT value, epoch_ns(min(first)), epoch_ns(max(last)), max(count)::BIGINT
    FROM counted GROUP BY value"""

where, lake, listed, threads = sys.argv[1:]
query = {"records": RECORDS, "index": INDEX}[where].format(lake=lake)
connection = duckdb.connect()
connection.execute(f"SET threads={int(threads)}")
started = time.perf_counter()
connection.execute(f"""
    CREATE TABLE wanted AS SELECT value FROM read_csv('{listed}', header=false,
                                                      columns={{'value': 'VARCHAR'}})""")
seen = connection.execute(query).fetchall()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "seen": sorted(seen)}))
