-- The vocabulary of rules: everything that was read about a change, as tables.
--
-- Schema `head` holds the state after the change; schema `base` holds the same tables for the state before it.
-- A state rule names them without a schema and is run on both. Identities (table_id, column_id) are the same on both
-- sides and through renames, and differ between chains: join by them, never by name.
-- Names are written as people say them: `orders`, or `app.orders` outside the default schema.
-- A server's catalog knows more than can be read: what DO blocks, functions and dynamic SQL make. Where it was asked, such
-- tables, columns, constraints and indexes are here too. Their made_by is the path of the migration that made them, or
-- `server` where that is not known; their position is the statement's, as far as that can be told.
-- Positions are path, line, col, end_line, end_col: relative path with `/`, 1-based, UTF-16, end exclusive.

CREATE SCHEMA head;
CREATE SCHEMA base;
CREATE SCHEMA change;
CREATE SCHEMA proof;
CREATE SCHEMA others;
CREATE SCHEMA policy;
CREATE SCHEMA history;
CREATE SCHEMA coverage;

-- Migration chains, one for each database.
CREATE TABLE head.chains (
  chain VARCHAR,              -- its id: the folder of its migrations
  tool VARCHAR,               -- prisma | drizzle | diesel | sqlx | supabase | numbered
  dialect VARCHAR,            -- postgres | duckdb | mysql | sqlite
  dialect_guessed BOOLEAN,    -- true where nothing names the dialect
  transactional BOOLEAN,      -- whether the tool runs each migration in a transaction
  unknown_names VARCHAR[],    -- in lower case, names that something not modelled may have made or altered; `*`: any name
  has_foreign_keys BOOLEAN,   -- whether any table of its schema has a foreign key
  foreign_keys_from INTEGER   -- the place in the chain of the first migration of those that made one, else NULL
);

-- Migrations of each chain, in the order in which the tool runs them.
CREATE TABLE head.migrations (
  chain VARCHAR,              -- the chain that it belongs to
  migration_name VARCHAR,     -- what the tool calls it: folder or file name without suffix
  seq INTEGER,                -- its place in the chain, from 1
  sort_key VARCHAR,           -- what the tool orders it by: number, time stamp or journal index
  content_id VARCHAR,         -- the same for the same content
  down_path VARCHAR,          -- the file that takes it back, else NULL
  path VARCHAR,               -- its file
  line INTEGER,               -- always 1
  col INTEGER,                -- always 1
  end_line INTEGER,           -- always 1
  end_col INTEGER             -- always 1
);

-- Files among the migrations of a chain that look like one and that its tool does not run.
CREATE TABLE head.left_out (
  chain VARCHAR,              -- the chain in whose folder it is
  reason VARCHAR,             -- why it is not run
  path VARCHAR,               -- the file
  line INTEGER,               -- always 1
  col INTEGER,                -- always 1
  end_line INTEGER,           -- always 1
  end_col INTEGER             -- always 1
);

-- Tables, partitions and views.
CREATE TABLE head.tables (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its identity; negative for views
  table_name VARCHAR,         -- its name for people
  schema_name VARCHAR,        -- the schema that it is in
  kind VARCHAR,               -- table | view | materialized view | partition
  parent_table_id BIGINT,     -- the table that it is a partition of or inherits from, else NULL
  made_by VARCHAR,            -- NULL where it was read; of what only a server's catalog knows, what made it
  path VARCHAR,               -- where it was created
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Columns of tables.
CREATE TABLE head.columns (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its table
  column_id BIGINT,           -- its identity
  table_name VARCHAR,         -- its table's name
  column_name VARCHAR,        -- its name
  ordinal INTEGER,            -- its place in the table, from 1
  type VARCHAR,               -- canonical type: `varchar(20)`, `text[]`, `app.mood`
  nullable BOOLEAN,           -- whether it may hold NULL
  default_sql VARCHAR,        -- its default as SQL, else NULL
  generated_sql VARCHAR,      -- its expression as SQL where it is generated, else NULL
  identity VARCHAR,           -- always | by default, else NULL
  on_update_sql VARCHAR,      -- what an UPDATE of the row sets it to (MySQL), else NULL
  made_by VARCHAR,            -- NULL where it was read; of what only a server's catalog knows, what made it
  path VARCHAR,               -- where it was made
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Constraints of tables.
CREATE TABLE head.constraints (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its table
  table_name VARCHAR,         -- its table's name
  constraint_name VARCHAR,    -- its name, given or as the engine names it
  kind VARCHAR,               -- primary key | foreign key | unique | check | exclude
  columns VARCHAR[],          -- its columns, in order
  ref_table_id BIGINT,        -- the parent of a foreign key, else NULL
  ref_table VARCHAR,          -- the parent's name
  ref_columns VARCHAR[],      -- the parent's columns
  on_delete VARCHAR,          -- no action | restrict | cascade | set null | set default
  on_update VARCHAR,          -- the same for updates of the key
  expression VARCHAR,         -- of a check or an exclusion, as SQL
  validated BOOLEAN,          -- false between NOT VALID and VALIDATE
  made_by VARCHAR,            -- NULL where it was read; of what only a server's catalog knows, what made it
  path VARCHAR,               -- where it was added
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Every index that exists: made by hand, behind a constraint, or by the engine for a foreign key.
CREATE TABLE head.indexes (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its table or materialized view
  table_name VARCHAR,         -- its table's name
  index_name VARCHAR,         -- its name
  columns VARCHAR[],          -- its keys in order; NULL where an expression stands
  expressions VARCHAR[],      -- the expressions, in key order
  key_modifiers VARCHAR[],    -- by key, what is written beside the column: `desc`, `text_pattern_ops`, `collate "C"`; else NULL
  method VARCHAR,             -- btree, gin, …
  is_unique BOOLEAN,          -- whether it forbids duplicates
  is_valid BOOLEAN,           -- false where it was left invalid, or stands on a partitioned parent alone
  predicate VARCHAR,          -- of a partial index, as SQL, else NULL
  constraint_name VARCHAR,    -- the constraint that it stands behind, else NULL
  made_by VARCHAR,            -- user | constraint | engine; of what only a server's catalog knows, what made it
  include_columns VARCHAR[],  -- columns that it carries without being ordered by them
  path VARCHAR,               -- where it was made
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Enumerated types.
CREATE TABLE head.enums (
  chain VARCHAR,              -- the chain whose schema has it
  type_name VARCHAR,          -- its name
  labels VARCHAR[],           -- its labels, in order
  path VARCHAR,               -- where it was created
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Views, with what they read.
CREATE TABLE head.views (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its identity in `tables`
  view_name VARCHAR,          -- its name
  depends_on VARCHAR[],       -- names of the tables and views that it reads
  depends_on_ids BIGINT[],    -- identities of the tables that it reads
  query_sql VARCHAR,          -- its query as SQL
  path VARCHAR,               -- where it was created
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Uses of tables by SQL and code, in the files that were read.
CREATE TABLE head.table_uses (
  chain VARCHAR,              -- the chain whose schema has the table; NULL when unresolved
  table_id BIGINT,            -- the table; NULL when unresolved
  table_name VARCHAR,         -- its name; as written when unresolved; NULL when not even the name is known
  why_unresolved VARCHAR,     -- why it is bound to no table, else NULL
  op VARCHAR,                 -- read | insert | update | delete | ddl
  family VARCHAR,             -- what it is written in: sql (files), raw-sql (in code), drizzle, prisma, …
  database VARCHAR,           -- the kind of database that it speaks to, where code tells: postgres, clickhouse, …
  resolved_by VARCHAR,        -- how its name was found: literal, constant, class, import, convention
  query_id BIGINT,            -- the query that it is part of; NULL for a statement of a migration
  written_as VARCHAR,         -- its name as written: the old one where the change renames it
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Uses of columns by queries, as far as the text names them: what `SELECT *` and a whole model take is not listed.
CREATE TABLE head.column_uses (
  chain VARCHAR,              -- the chain whose schema has the table; NULL when unresolved
  table_id BIGINT,            -- the table; NULL when unresolved
  table_name VARCHAR,         -- its name; NULL where several tables of the query may have the column
  column_name VARCHAR,        -- the column as written, or as the schema calls it by a convention
  role VARCHAR,               -- filter | join | order | group | select | write | conflict | lookup: of a unique key, as findUnique has it
  query_id BIGINT,            -- the query that it is part of
  column_id BIGINT,           -- the column's identity; NULL where neither side's schema has it
  family VARCHAR,             -- what it is written in
  comparison VARCHAR,         -- how it is compared where it stands bare on one side: =, <>, <, in, like, is null, …; else NULL
  value_list VARCHAR[],       -- the text literals that it is compared with or set to; NULL where none is written
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Queries of code, and of SQL outside migrations, in the files that were read. A row with a call_path stands for a query that
-- a loop reaches through calls: its place is the call in the loop, and it has no rows in table_uses and column_uses.
CREATE TABLE head.queries (
  chain VARCHAR,              -- the chain that it speaks to; NULL when unresolved
  query_id BIGINT,            -- its identity, on its side only
  tables VARCHAR[],           -- names of the tables that it uses
  family VARCHAR,             -- what it is written in
  database VARCHAR,           -- the kind of database that it speaks to, where code tells: postgres, clickhouse, …
  columns_complete BOOLEAN,   -- whether every column that it uses is known
  has_limit BOOLEAN,          -- whether it limits its rows
  loop_kind VARCHAR,          -- for-of | for-in | for | while | map | forEach | flatMap | reduce | filter | each | resolver | recursion; else NULL
  loop_uses_variable BOOLEAN, -- whether it depends on the loop's variable
  chunked BOOLEAN,            -- whether the loop walks over batches, or a turn asks for many at once
  loop_waits BOOLEAN,         -- whether each turn waits for something beside the database too; NULL where that is not known
  loop_reads BOOLEAN,         -- whether each turn runs a query that only reads
  loop_apart VARCHAR,         -- what keeps each turn apart: transaction (or a lock of its own) | caught (what it writes fails by itself); else NULL
  loop_follows BOOLEAN,       -- whether it depends on what another call of its turn answered, or comes after one that is no query
  loop_entangled BOOLEAN,     -- whether other parts of the turn ask with what it answers, or run in its place; through a call: whether that does more
  batchable BOOLEAN,          -- whether one query could ask for all turns: they differ in what is compared for equality, none takes only a few rows, and what is changed is told by one key
  writes_its_own BOOLEAN,     -- whether what it writes differs from turn to turn
  loop_list VARCHAR,          -- where the list comes from that the loop walks over: given (a parameter of the function, or a part of one) | request (where a client sends it) | rows (of a query) | few (rows that a query limits) | text (its pieces); else NULL
  loop_list_table_id BIGINT,  -- the table whose rows those are; NULL where that is not known, or their query reads others too
  loop_list_columns VARCHAR[], -- of rows, the columns that their query compares with one value; NULL where that is not known
  loop_list_compared BOOLEAN, -- whether its conditions ask nothing else of columns; NULL where that is not known
  loop_list_part BOOLEAN,     -- whether the list is a part of what the query answered, held by a row; NULL where that is not known
  loop_gathered BOOLEAN,      -- whether the turns ask at one moment what the client gathers into one query by itself (findUnique of Prisma)
  loop_calls INTEGER,         -- how many calls each turn waits for
  loop_writes INTEGER,        -- how many queries that write stand in a turn
  loop_branched BOOLEAN,      -- whether only some turns come to it: it stands in a branch
  loop_keys INTEGER,          -- how many of its conditions compare by what differs from turn to turn
  call_path VARCHAR[],        -- the calls from a loop to the query, `name path:line`, and the query's place; else NULL
  loop_path VARCHAR,          -- the file of the loop
  loop_line INTEGER,          -- its line
  imported_by VARCHAR[],      -- of a query in a loop, on head: the files that import its own, tests left out; else NULL
  uncalled BOOLEAN,           -- of a query in a loop, in a look at all that is there: whether no other file names the function or class that it is in, tests left out; else NULL
  ops VARCHAR[],              -- what it asks of its tables: read, insert, update, delete, ddl
  has_filter BOOLEAN,         -- whether a condition restricts it at all; NULL where what it is written in does not tell
  is_certain BOOLEAN,         -- false where it only looks like a query, or where its SQL was not understood as a whole
  spliced VARCHAR[],          -- expressions from outside the function that are put into its text as they are; else NULL
  error_swallowed BOOLEAN,    -- whether a failure of it goes no further than a log
  left_out VARCHAR[],         -- what the function around takes and a write of all rows has no use for; else NULL
  query_sql VARCHAR,          -- its SQL as Postgres takes it, with `$1` for each value; NULL where not all of it is written down
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Tables as code declares them, in the files that were read.
CREATE TABLE head.models (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  family VARCHAR,             -- what it is written in
  table_name VARCHAR,         -- the table's name
  model_name VARCHAR,         -- what code calls it
  written_as VARCHAR,         -- the table's name as it is declared
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Columns as code declares them.
CREATE TABLE head.model_columns (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  table_name VARCHAR,         -- the table's name
  column_name VARCHAR,        -- the column's name in the database
  type VARCHAR,               -- its type as declared
  nullable BOOLEAN,           -- whether it may hold NULL
  column_id BIGINT,           -- the column's identity; NULL where neither side's schema has it
  property_name VARCHAR,      -- what code calls it
  family VARCHAR,             -- what it is written in
  sql_type VARCHAR,           -- the type that its migration tool gives it, as SQL; NULL where the declaration does not tell
  filling VARCHAR,            -- nothing | counter | value: what fills it where an insert leaves it out; NULL where that is not told
  default_sql VARCHAR,        -- the declared default as SQL, where filling is `value`
  labels VARCHAR[],           -- what its enum may be, else NULL
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Keys, references and indexes as code declares them, of models all of whose keys could be followed.
CREATE TABLE head.model_keys (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  table_name VARCHAR,         -- the table's name
  kind VARCHAR,               -- primary key | unique | index | foreign key
  key_name VARCHAR,           -- its name in the database, where one is given
  columns VARCHAR[],          -- its columns in order, as declared; NULL where an expression stands
  is_partial BOOLEAN,         -- whether it holds only the rows of a condition
  ref_table VARCHAR,          -- the parent of a foreign key, else NULL
  ref_columns VARCHAR[],      -- the parent's columns
  on_delete VARCHAR,          -- no action | restrict | cascade | set null | set default; NULL where that is not told
  family VARCHAR,             -- what it is written in
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Where declared tables and the schema that the migrations leave differ: what the next migration written from the models holds.
-- Models are compared with the migrations of their own tool only, and neither views nor partitioned tables are, nor tables that
-- a statement which is not followed may have altered. That a table has no model is told where all code was read, or where it
-- had one before the change.
CREATE TABLE head.model_differences (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table; NULL where no migration makes it
  table_name VARCHAR,         -- its name
  family VARCHAR,             -- what the model is written in, and the tool that writes the migrations
  kind VARCHAR,               -- table | column | type | nullability | default | enum | primary key | unique | index | foreign key | on delete
  only_in VARCHAR,            -- model | migrations: who has it alone; NULL where both say it differently
  columns VARCHAR[],          -- the columns that it is about
  object_name VARCHAR,        -- the index, constraint or enum that it is about, where it has a name
  change VARCHAR,             -- what the next migration does about it: `drop column nickname`
  change_sql VARCHAR,         -- the same as a statement; NULL where the dialect has none for it
  is_grave BOOLEAN,           -- whether rows are lost or written anew, or the model lets code ask for or write what the database refuses
  is_new BOOLEAN,             -- whether it was not so before the change; on base false
  path VARCHAR,               -- where it stands in the model, or in the migrations where only they have it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Where documents that the configuration names say something else of tables than the schema that the migrations leave.
CREATE TABLE head.document_differences (
  document VARCHAR,           -- the document
  chain VARCHAR,              -- the chain whose schema it describes
  table_id BIGINT,            -- the table; NULL where no migration makes it, or the whole document is meant
  table_name VARCHAR,         -- its name
  columns VARCHAR[],          -- the columns that it is about
  says VARCHAR,               -- what the document does: `lacks column note`
  command VARCHAR,            -- what writes it anew, where a command does, else NULL
  is_new BOOLEAN,             -- whether it was not so before the change; on base false
  path VARCHAR,               -- the document
  line INTEGER,               -- where it says so
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Where code opens connections to a database, in the files that were read.
CREATE TABLE head.connections (
  package VARCHAR,            -- what opens it: pg, @prisma/client, …
  path VARCHAR,               -- where it stands
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Files that the change touches.
CREATE TABLE change.files (
  path VARCHAR,               -- its path after the change, or before it where it is deleted
  old_path VARCHAR,           -- its path before, where that was another one
  status VARCHAR,             -- added | modified | deleted | renamed
  kind VARCHAR,               -- file | symlink | submodule
  language VARCHAR            -- sql | code | other
);

-- Runs of lines that the change added or altered.
CREATE TABLE change.hunks (
  path VARCHAR,               -- the file
  line INTEGER,               -- first line
  count INTEGER               -- number of lines; 0 where lines were only removed, after `line`
);

-- Lines that the change added or altered, one row a line.
CREATE VIEW change.lines (
  path,                       -- the file
  line                        -- the line
) AS SELECT path, unnest(range(line, line + count)) FROM change.hunks;

-- Lines that look left over from a merge, in the files that the change touches.
CREATE TABLE change.markers (
  kind VARCHAR,               -- ours | base | separator | theirs
  path VARCHAR,               -- the file
  line INTEGER,               -- the line
  col INTEGER,                -- first column
  end_line INTEGER,           -- the line
  end_col INTEGER             -- column after the last
);

-- Migration chains that the change alters.
CREATE TABLE change.chains (
  chain VARCHAR,              -- its id
  kind VARCHAR,               -- appended | rewritten | removed
  makes_other BOOLEAN         -- whether it makes another schema than before
);

-- Migrations that the change adds, edits, renames or deletes.
CREATE TABLE change.migrations (
  chain VARCHAR,              -- the chain that it belongs to
  migration_name VARCHAR,     -- what the tool calls it
  status VARCHAR,             -- added | edited | reworded (its statements are the same) | reordered (it now comes before one that it came after) | deleted
  path VARCHAR,               -- its file after the change, or before it where it is deleted
  line INTEGER,               -- always 1
  col INTEGER,                -- always 1
  end_line INTEGER,           -- always 1
  end_col INTEGER             -- always 1
);

-- What the change does to the schema and its rows: one row an operation, in order. Of new migrations, or, where old
-- ones were rewritten, from comparing the schema before with the one after: without what only an old migration says now,
-- which no database that ran it before runs again.
CREATE TABLE change.operations (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table that it concerns, else NULL
  seq INTEGER,                -- its place in the change, from 1
  migration VARCHAR,          -- the migration's path
  kind VARCHAR,               -- create-table, add-column, drop-column, alter-type, add-constraint, create-index, …
  table_name VARCHAR,         -- the table's name after the operation, or before it where it is gone
  column_name VARCHAR,        -- the column that it concerns, where it is one
  object_name VARCHAR,        -- the constraint, index, type or view that it concerns
  details JSON,               -- the operation's own fields: type, using, cascade, concurrently, constraint, …
  in_transaction BOOLEAN,     -- whether it runs in a transaction
  column_id BIGINT,           -- the identity of column_name
  columns VARCHAR[],          -- every column that it concerns
  column_ids BIGINT[],        -- their identities, kept through renames
  ref_table_id BIGINT,        -- the parent of a foreign key, else NULL
  path VARCHAR,               -- the smallest part of the text that says it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- What new migrations say and the schema passes over: IF NOT EXISTS of what is there, IF EXISTS of what is not.
CREATE TABLE change.skipped (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table that it would have concerned, else NULL
  migration VARCHAR,          -- the migration's path
  kind VARCHAR,               -- create-table, add-column, create-index, …
  object_name VARCHAR,        -- the index that it names, else NULL
  columns VARCHAR[],          -- the columns that it declares, or that are the index's keys
  details JSON,               -- the operation's own fields
  path VARCHAR,               -- the smallest part of the text that says it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- What became of each migration in each engine that tried it.
CREATE TABLE proof.migrations (
  chain VARCHAR,              -- the chain that it belongs to
  engine VARCHAR,             -- `DuckDB 1.5.6`
  migration VARCHAR,          -- its path
  verdict VARCHAR,            -- proved | proved in part | refuted | not tried
  error VARCHAR,              -- why it was refuted, or not tried, else NULL
  path VARCHAR,               -- where it failed, else the migration
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- What became of each statement in each engine that tried it.
CREATE TABLE proof.statements (
  chain VARCHAR,              -- the chain that it belongs to
  engine VARCHAR,             -- `DuckDB 1.5.6`
  migration VARCHAR,          -- the migration's path
  word VARCHAR,               -- executed | emulated | no-effect | modelled | partial | not-modelled | tainted | failed
  reason VARCHAR,             -- why it is partial, not-modelled, tainted or failed, else NULL
  path VARCHAR,               -- the statement
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Locks that statements took on tables which were there before the change, as PostgreSQL itself showed them: one row a
-- statement and table. What an earlier statement of the change held already is not told again, nor what CONCURRENTLY took.
CREATE TABLE proof.locks (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  table_name VARCHAR,         -- its name before the change
  mode VARCHAR,               -- the strongest lock: row exclusive | share | share row exclusive | access exclusive | …
  rewritten BOOLEAN,          -- whether the table was written anew, to a new file
  path VARCHAR,               -- the statement, as proof.statements has it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Operations that apply, and that an engine refused while the table held made-up rows that its constraints allow.
CREATE TABLE proof.risks (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table whose rows were refused
  engine VARCHAR,             -- `PostgreSQL 18.4`
  lowered BOOLEAN,            -- true where the engine ran a translation of another dialect
  migration VARCHAR,          -- the migration's path
  stops_at VARCHAR,           -- any row | some rows: every table that is not empty, or only those that hold such rows
  message VARCHAR,            -- what the engine said
  path VARCHAR,               -- the operation, as change.operations has it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Tables and columns that migrations before the change took away, of the names that the change makes: the last of each name.
CREATE TABLE history.removals (
  chain VARCHAR,              -- the chain that it belongs to
  table_name VARCHAR,         -- the table's name when it, or its column, went
  column_name VARCHAR,        -- the column; NULL where the whole table went
  type VARCHAR,               -- the column's type, else NULL
  written_on VARCHAR,         -- the day on which the migration that took it away was written, YYYY-MM-DD; NULL where none tells
  path VARCHAR,               -- the operation that took it away, in a migration that the change leaves alone
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- How a change's chain has built indexes on tables of earlier migrations until now, those that are still there.
CREATE TABLE history.index_builds (
  chain VARCHAR,              -- the chain
  concurrent INTEGER,         -- how many with CONCURRENTLY
  locking INTEGER             -- how many without
);

-- How old the tables are that the change alters, where migrations carry the time of their writing.
CREATE TABLE history.table_ages (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  days INTEGER                -- whole days from the migration that made it to the newest of the change that concerns it
);

-- Likewise the columns of these tables that were added to them later.
CREATE TABLE history.column_ages (
  chain VARCHAR,              -- the chain that it belongs to
  table_id BIGINT,            -- the table
  column_id BIGINT,           -- the column
  days INTEGER                -- whole days from the migration that added it
);

-- Where the change collides with another pull request that goes into the same branch, of which the GitHub App knows, or with
-- another branch of the remote, which the hook asks. Chains are compared on the schema before this change.
CREATE TABLE others.conflicts (
  chain VARCHAR,              -- the chain that it is about
  other_name VARCHAR,         -- the other pull request or branch: `#12`, `origin/feature`
  pull INTEGER,               -- the other pull request's number; NULL for a branch
  is_merged BOOLEAN,          -- whether the other one is part of the base branch by now
  kind VARCHAR,               -- refused | made twice | dropped twice | order matters | same number | used
  name VARCHAR,               -- what both are about: a table, a column with its table, an index, a migration's number; refused: as detail
  whose VARCHAR,              -- refused: whose migration stops applying; used: whose code it is (ours | theirs); else NULL
  is_same BOOLEAN,            -- made twice: whether both say the same of it, else NULL
  is_passed_over BOOLEAN,     -- made twice: whether the second is passed over (IF NOT EXISTS) and not refused, else NULL
  detail VARCHAR,             -- refused: the refusal; used: the new name, NULL where it is dropped; else NULL
  definitions VARCHAR[],      -- order matters: its definition where this change runs last, and where the other does; else NULL
  other_path VARCHAR,         -- where the other one says it
  other_line INTEGER,         -- first line there
  path VARCHAR,               -- where this change says it
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Tables and columns that the configuration calls legacy.
CREATE TABLE policy.legacy_tables (
  table_name VARCHAR,         -- the table's name, written as `tables` has it
  columns VARCHAR[],          -- its legacy columns; NULL where the whole table is legacy
  use_instead VARCHAR,        -- what to use instead, else NULL
  because VARCHAR,            -- why, else NULL
  since VARCHAR,              -- since when, as YYYY-MM-DD, else NULL
  owner VARCHAR               -- whom to ask, else NULL
);

-- Tables that are large, or under constant use: those that the configuration calls hot, and those of a million rows in a profile.
-- That a table is altered often is no sign of it: hot-tables.md has the figures.
CREATE TABLE policy.hot_tables (
  table_name VARCHAR          -- the table's name, written as `tables` has it
);

-- What the profiles of the configuration say of queries: one row for each query of a profile, or plan's reading of a table, and
-- table of the schema. Columns go by their names after the change; a query is counted as of one shape whatever its values.
CREATE TABLE policy.profile_queries (
  chain VARCHAR,              -- the chain whose schema has the table
  table_id BIGINT,            -- the table
  table_name VARCHAR,         -- its name
  profile VARCHAR,            -- the file that says it
  source VARCHAR,             -- pg_stat_statements | explain | duckdb
  shape VARCHAR,              -- the query with `?` in the place of values; NULL where a plan tells none
  op VARCHAR,                 -- what it asks of the table: read | insert | update | delete
  equal_columns VARCHAR[],    -- columns of the table that it compares by = or IN
  compared_columns VARCHAR[], -- every column of the table that it compares or joins by
  order_columns VARCHAR[],    -- those that it sorts by
  has_limit BOOLEAN,          -- whether it limits its rows
  calls BIGINT,               -- how often it was run; NULL for a plan's reading of a table
  total_ms DOUBLE,            -- milliseconds of all calls together
  rows BIGINT,                -- rows that all calls returned or changed
  is_whole BOOLEAN,           -- whether its plan reads the table from end to end; NULL where no plan tells
  rows_read BIGINT,           -- rows that one run read of the table, NULL where no plan tells
  rows_kept BIGINT,           -- rows of these that its conditions let through
  days DOUBLE                 -- how long was measured, where the configuration tells
);

-- What the profiles say of tables: PostgreSQL's own counters, those of several files together.
CREATE TABLE policy.profile_tables (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- the table
  table_name VARCHAR,         -- its name
  profile VARCHAR,            -- the first file that says it
  live_rows BIGINT,           -- how many rows it holds
  whole_scans BIGINT,         -- how often it was read from end to end
  whole_rows BIGINT,          -- rows that these readings read
  days DOUBLE                 -- how long was measured, where the configuration tells
);

-- What the profiles say of indexes: PostgreSQL's own counters, those of several files together.
CREATE TABLE policy.profile_indexes (
  chain VARCHAR,              -- the chain whose schema has it
  table_id BIGINT,            -- its table
  index_name VARCHAR,         -- its name
  profile VARCHAR,            -- the first file that says it
  scans BIGINT,               -- how often it was used
  days DOUBLE                 -- how long was measured, where the configuration tells
);

-- Rules whose severity the configuration sets.
CREATE TABLE policy.rules (
  rule VARCHAR,               -- its id
  severity VARCHAR            -- error | warning | note | off
);

-- Which files own something, by the configuration.
CREATE TABLE policy.owners (
  what VARCHAR,               -- connections | ddl | table
  pattern VARCHAR,            -- a path or a glob, as it is written
  table_name VARCHAR,         -- the table that they own, written as `tables` has it; else NULL
  path_regex VARCHAR          -- the pattern as a regular expression of whole paths
);

-- Changed files, and whether they were read.
CREATE TABLE coverage.files (
  path VARCHAR,               -- the file
  read BOOLEAN,               -- whether something of it was read
  reason VARCHAR              -- why not, else NULL
);

-- Parts of the change whose effect is not known.
CREATE TABLE coverage.not_analysed (
  reason VARCHAR,             -- why
  path VARCHAR,               -- the file
  line INTEGER,               -- first line
  col INTEGER,                -- first column
  end_line INTEGER,           -- last line
  end_col INTEGER             -- column after the last
);

-- Whether an index starts with these columns in any order: serves foreign keys and equality.
CREATE MACRO leads_any_order(index_columns, columns) AS
  len(index_columns) >= len(columns) AND list_has_all(index_columns[1:len(columns)], columns);

-- Whether an index starts with these columns in this order: serves ORDER BY.
CREATE MACRO leads_in_order(index_columns, columns) AS
  index_columns[1:len(columns)] IS NOT DISTINCT FROM columns;

-- Whether a profile shows a query often enough, and slow enough, that an index for it is worth its writes.
CREATE MACRO is_heavy(calls, total_ms) AS
  coalesce(calls >= 100 AND total_ms >= 1000 AND total_ms >= calls, false);

-- A name as SQL writes it, and that of a table with its schema: for the statements of trials.
CREATE MACRO quoted(name) AS
  '"' || replace(name, '"', '""') || '"';

CREATE MACRO quoted_table(schema_name, table_name) AS
  quoted(schema_name) || '.' || quoted(
    CASE WHEN starts_with(table_name, schema_name || '.') THEN substr(table_name, len(schema_name) + 2) ELSE table_name END
  );

-- A name for a new index on these columns, as the field writes it: `orders_customer_id_idx`.
CREATE MACRO new_index_name(table_name, columns) AS
  left(concat_ws('_', split_part(table_name, '.', -1), array_to_string(columns, '_')), 59) || '_idx';

-- A column as MySQL's MODIFY wants it, which keeps only what it repeats: `varchar(20) NOT NULL DEFAULT 'x'`.
CREATE MACRO mysql_column(type, is_nullable, default_sql, on_update_sql, identity) AS
  concat_ws(
    ' ', type, CASE WHEN NOT is_nullable THEN 'NOT NULL' END, 'DEFAULT ' || default_sql, 'ON UPDATE ' || on_update_sql,
    CASE WHEN identity IS NOT NULL THEN 'AUTO_INCREMENT' END
  );

-- Whether a file is a test, or code that is run once for one state of the schema: it does not speak for what is deployed.
CREATE MACRO is_test_or_migration(path) AS
  regexp_matches(
    path,
    '(^|/)(tests?|specs?|testing|test-?(utils|helpers|setup|plugins)|(acceptance|api|e2e|functional|integration|load|performance|simulation|smoke|stress|system|unit)-tests?|__tests__|__mocks__|__fixtures__|mocks?|e2e|cypress|playwright|fixtures|seeds?|seeders|migrat(e|ions?)|alterations?|evolutions?|upgrades?|schema[-_]?(updates|changes)|backfills?)/|[._-](test|tests|spec|bench|e2e|fixture|mock)\.\w+$|\.(test|spec|bench)\.|(^|/)([^/]*(seed|backfill|populate)[^/]*|migrat(e|ions?)\.\w+|(jest|vitest)\.[\w.-]+|setup-?tests?\.\w+)$'
  );

-- Whether a file is a test, is run once, or is run by hand beside what is deployed: scripts, examples, documents.
CREATE MACRO is_aside(path) AS
  is_test_or_migration(path)
  OR regexp_matches(path, '(^|/)(scripts?|script-migrations|migrate|dev-server|benchmarks?|examples?|samples?|demos?|docs?|playgrounds?|sandbox|storybook|[\w-]+-cli)/|^tools/|(^|/)upgrades?\.\w+$|\.(stories|config)\.\w+$');
