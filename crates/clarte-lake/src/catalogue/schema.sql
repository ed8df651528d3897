-- The catalogue of a case. One transaction makes a run visible.
-- Times are nanoseconds since 1970 UTC. `member` is '' outside archives.

create table meta (
    key   text primary key,
    value text not null
) strict;

-- The zones in which sources write that do not say so (`--zone`).
create table zone (
    source text primary key,
    zone   text not null
) strict;

-- How logs are read that no format knows (`--mapping`): the files' own text.
create table mapping (
    name text primary key,
    text text not null
) strict;

-- Evidence by the SHA-256 of its bytes. `number` is what its records carry.
create table evidence (
    sha256 text primary key,
    number integer not null unique,
    bytes  integer not null,
    run    integer not null
) strict;

-- Numbers that evidence bears no more: files may still hold records with them,
-- which nobody may see.
create table withdrawn (
    number integer primary key
) strict;

-- Evidence that the custody log names and whose records are not here (they were
-- lost with an earlier catalogue), with every place that it was found at.
create table missing (
    sha256 text not null,
    path   text not null,
    at     text not null,
    primary key (sha256, path, at)
) strict;

-- Where evidence was found (`path` as shown, `at` on the machine), and how the
-- file system described it then: what is described alike is not read again.
create table place (
    path     text not null,
    sha256   text not null references evidence on delete cascade,
    at       text not null,
    device   integer,
    inode    integer,
    modified integer,
    changed  integer,
    primary key (path, sha256, at)
) strict;
create index place_of on place (sha256);

-- The account of each stream: parsed + faulted + skipped = bytes. `reading` is
-- what the reading depended on besides the bytes; empty: to be read again.
create table stream (
    sha256  text not null references evidence on delete cascade,
    member  text not null,
    format  text not null,
    reading text not null,
    bytes   integer not null,
    parsed  integer not null,
    faulted integer not null,
    records integer not null,
    primary key (sha256, member)
) strict;

create table skipped (
    sha256 text not null references evidence on delete cascade,
    member text not null,
    reason text not null,
    bytes  integer not null,
    primary key (sha256, member, reason)
) strict;

create table fault_count (
    sha256 text not null references evidence on delete cascade,
    member text not null,
    kind   text not null,
    count  integer not null,
    primary key (sha256, member, kind)
) strict;

-- The first faults of each stream, with their spans.
create table fault (
    sha256   text not null references evidence on delete cascade,
    member   text not null,
    offset   integer not null,
    length   integer not null,
    kind     text not null,
    detail   text not null
) strict;
create index fault_of on fault (sha256);

-- What could not be looked at when it last was tried.
create table unreadable (
    path   text not null,
    at     text not null,
    reason text not null,
    primary key (path, at)
) strict;

-- What each run added.
create table run (
    id       integer primary key,
    evidence integer not null,
    records  integer not null
) strict;

-- The Parquet files that are visible; others are swept.
create table file (
    path    text primary key,
    kind    text not null check (kind in ('records', 'observables')),
    class   text not null,
    run     integer not null,
    rows    integer not null,
    bytes   integer not null,
    sha256  text not null,
    lowest  integer not null,
    highest integer not null
) strict;

-- The answers, by name: what each was drawn from and what came of it.
create table answer (
    name   text primary key,
    drawn_from text not null,
    sha256 text not null
) strict;

create table finding (
    id         text primary key,
    detector   text not null,
    title      text not null,
    time       integer,
    confidence real not null,
    lead       integer not null,
    reasons    text not null
) strict;

create table person (
    identity text primary key,
    name     text,
    kind     text not null,
    rung     text not null
) strict;
