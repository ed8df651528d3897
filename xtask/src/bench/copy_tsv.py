"""Sorts a Zeek TSV log into Parquet: INPUT OUTPUT THREADS.

The header says how many lines to skip and what the columns are, so nothing is
guessed. Quotation marks mean nothing in Zeek's TSV. `comment='#'` is left out:
together with `skip` it loses rows.
"""

import json
import sys
import time

import duckdb

TYPES = {"time": "DOUBLE", "interval": "DOUBLE", "double": "DOUBLE", "port": "INTEGER",
         "count": "BIGINT", "int": "BIGINT", "bool": "BOOLEAN"}

source, target, threads = sys.argv[1:]
header = []
with open(source) as lines:
    for line in lines:
        if not line.startswith("#"):
            break
        header.append(line.rstrip("\n").split("\t"))
names = next(line[1:] for line in header if line[0] == "#fields")
types = next(line[1:] for line in header if line[0] == "#types")
columns = {name: TYPES.get(kind, "VARCHAR") for name, kind in zip(names, types)}

connection = duckdb.connect()
connection.execute(f"SET threads={int(threads)}")
started = time.perf_counter()
connection.execute(f"""
    COPY (SELECT * FROM read_csv('{source}', auto_detect=false, delim='\\t', header=false,
                                 quote='', escape='', skip={len(header)}, nullstr='-',
                                 columns={columns}) ORDER BY ts)
    TO '{target}' (FORMAT parquet, COMPRESSION zstd)""")
seconds = time.perf_counter() - started
rows = connection.execute(f"SELECT count(*) FROM '{target}'").fetchone()[0]
print(json.dumps({"seconds": seconds, "rows": rows}))
