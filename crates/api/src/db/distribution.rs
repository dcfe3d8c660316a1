//! Distribution of the tables over the nodes of a distributed PostgreSQL (Citus).
//!
//! A store is a tenant: its rows are on one node, so that a statement about a store runs on that node alone.
//! Tables that are read without knowing the store (accounts, credentials, settings) are reference tables, of
//! which every node has a copy.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DbErr};

use super::sql::Sql;

/// Whether the database of this process is distributed. A process has only one.
static DISTRIBUTED: AtomicBool = AtomicBool::new(false);

/// Whether the database of this process is distributed. Statements must then bind the store's id, from which
/// Citus finds the node.
#[must_use]
pub fn is_distributed() -> bool {
    DISTRIBUTED.load(Ordering::Relaxed)
}

/// Detects whether a database is distributed, when it is opened.
///
/// # Errors
/// Returns the error of the database.
pub(super) async fn detect(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let citus = Sql::new("SELECT 1 FROM pg_extension WHERE extname = 'citus'").one(db).await?;
    let placed = match citus {
        Some(_) => Sql::new("SELECT 1 FROM pg_dist_partition LIMIT 1").one(db).await?,
        None => None,
    };
    DISTRIBUTED.store(placed.is_some(), Ordering::Relaxed);
    Ok(())
}

/// The distribution column.
pub const DISTRIBUTION_COLUMN: &str = "store_id";

/// The first distributed table, with which the others are colocated.
const FIRST: &str = "customers";

/// Reference tables. Some have a `store_id`, but their rows are looked up by an account, a credential or a
/// price whose store is not known yet.
const REFERENCE: [&str; 16] = [
    "api_keys",
    "clerk_accounts",
    "fact_locks",
    "invitations",
    "link_locks",
    "sessions",
    "settings",
    "store_members",
    "stores",
    "stripe_prices",
    "user_addresses",
    "user_counts",
    "users",
    "webhook_event_emails",
    "webhook_events",
    "worth_reports",
];

/// Local tables, which only migrations use.
const LOCAL: [&str; 1] = ["seaql_migrations"];

/// How a table is distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// By store, over all nodes.
    Distributed,
    /// A copy on every node.
    Reference,
    /// On the coordinator alone.
    Local,
}

/// A table and its placement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its placement.
    pub placement: Placement,
    /// Whether it is placed already.
    pub is_placed: bool,
}

/// Why a database cannot be distributed.
#[derive(Debug, thiserror::Error)]
pub enum DistributionError {
    /// The database is not a PostgreSQL with Citus.
    #[error(
        "The database has no extension citus. Install Citus on every node, CREATE EXTENSION citus in this \
         database on each, and add the workers with citus_add_node; see docs/SCALING.md."
    )]
    NoCitus,
    /// A table without a known placement.
    #[error("The table {0} has no {DISTRIBUTION_COLUMN} and is not known as a reference table.")]
    Unplaced(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The placement of a table, by its name and whether it has a `store_id`; `None` if neither determines it.
#[must_use]
pub fn placement(name: &str, has_store_id: bool) -> Option<Placement> {
    if LOCAL.contains(&name) {
        Some(Placement::Local)
    } else if REFERENCE.contains(&name) {
        Some(Placement::Reference)
    } else {
        has_store_id.then_some(Placement::Distributed)
    }
}

/// The tables of the schema, in the order in which they must be placed.
///
/// # Errors
/// [`DistributionError::NoCitus`], [`DistributionError::Unplaced`] and [`DistributionError::Database`].
pub async fn tables(db: &impl ConnectionTrait) -> Result<Vec<Table>, DistributionError> {
    if super::is_sqlite(db) {
        return Err(DistributionError::NoCitus);
    }
    let citus = Sql::new("SELECT 1 FROM pg_extension WHERE extname = 'citus'").one(db).await?;
    citus.ok_or(DistributionError::NoCitus)?;
    let sql = Sql::new(
        "SELECT c.relname::text,
            EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'store_id'),
            EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)
         FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
         ORDER BY c.relname",
    );
    let mut tables = Vec::new();
    for row in sql.all(db).await? {
        let (name, has_store_id): (String, bool) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let placement = placement(&name, has_store_id);
        let placement = placement.ok_or_else(|| DistributionError::Unplaced(name.clone()))?;
        tables.push(Table { name, placement, is_placed: row.try_get_by_index(2)? });
    }
    // Reference tables first, then the table with which the others are colocated.
    tables.sort_by_key(|table| {
        (table.placement == Placement::Distributed, table.name != FIRST, table.name.clone())
    });
    Ok(tables)
}

/// Distributes a table with its rows. A table that is placed already is left alone.
///
/// # Errors
/// Returns the error of the database.
pub async fn place(db: &impl ConnectionTrait, table: &Table) -> Result<(), DbErr> {
    if table.is_placed {
        return Ok(());
    }
    let mut sql = match table.placement {
        Placement::Local => return Ok(()),
        Placement::Reference => Sql::new("SELECT create_reference_table("),
        Placement::Distributed => Sql::new("SELECT create_distributed_table("),
    };
    sql.bind(table.name.clone());
    if table.placement == Placement::Distributed {
        sql.push(", ").bind(DISTRIBUTION_COLUMN);
        // The first table creates the colocation group that the others join.
        let with = if table.name == FIRST { "default" } else { FIRST };
        sql.push(", colocate_with => ").bind(with);
    }
    sql.push(")");
    sql.execute(db).await.map(drop)
}

/// Lets a transaction write to distributed and reference tables in turn, which Citus refuses in its parallel
/// mode. Applies to new connections only.
///
/// # Errors
/// Returns the error of the database.
pub async fn write_in_sequence(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    db.execute_unprepared(
        "DO $$ BEGIN EXECUTE format(
            'ALTER DATABASE %I SET citus.multi_shard_modify_mode TO ''sequential''', current_database()
         ); END $$",
    )
    .await
    .map(drop)
}
