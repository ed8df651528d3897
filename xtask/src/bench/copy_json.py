"""Sorts Zeek JSON lines into Parquet: INPUT OUTPUT THREADS.

DuckDB finds the columns' types itself, before the clock starts.
"""

import json
import sys
import time

import duckdb

source, target, threads = sys.argv[1:]
connection = duckdb.connect()
connection.execute(f"SET threads={int(threads)}")
described = connection.execute(
    f"DESCRIBE SELECT * FROM read_json('{source}', format='newline_delimited')").fetchall()
columns = {column[0]: column[1] for column in described}
started = time.perf_counter()
connection.execute(f"""
    COPY (SELECT * FROM read_json('{source}', format='newline_delimited',
                                  columns={columns}) ORDER BY ts)
    TO '{target}' (FORMAT parquet, COMPRESSION zstd)""")
seconds = time.perf_counter() - started
rows = connection.execute(f"SELECT count(*) FROM '{target}'").fetchone()[0]
print(json.dumps({"seconds": seconds, "rows": rows}))
