//! Whether the server is for one creator or for many.
//!
//! The setting determines which accounts are fans. On a server for one creator, every account is a fan of the
//! creator's stores. On a server for many, accounts belong to different creators, and a store shows only the
//! accounts of its customers.

use fanbase_domain::store::Creators;
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::{
    db::{Db, sql::Sql, transaction},
    error::ApiError,
};

/// The name of the setting.
const SETTING: &str = "creators";

/// Reads the setting; `Creators::One` by default.
///
/// # Errors
/// When the database fails.
pub async fn read(db: &impl ConnectionTrait) -> Result<Creators, DbErr> {
    let mut sql = Sql::new("SELECT value FROM settings WHERE name = ");
    sql.bind(SETTING);
    let Some(row) = sql.one(db).await? else { return Ok(Creators::One) };
    let value: Vec<u8> = row.try_get_by_index(0)?;
    let known = std::str::from_utf8(&value).ok().and_then(Creators::parse);
    known.ok_or_else(|| DbErr::Type("the setting creators has a value that is not known".to_owned()))
}

/// Writes the setting. On a server for many creators, stores no longer show the accounts of others.
///
/// # Errors
/// When the database fails.
pub async fn set_in(tx: &impl ConnectionTrait, creators: Creators) -> Result<(), DbErr> {
    let mut sql = Sql::new("INSERT INTO settings (name, value) VALUES (");
    sql.bind(SETTING).push(", ").bind(Value::from(creators.as_str().as_bytes().to_vec()));
    sql.push(") ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    sql.execute(tx).await?;
    if creators == Creators::Many {
        let hide = "UPDATE stores SET shows_accounts = FALSE, version = version + 1 WHERE shows_accounts";
        Sql::new(hide).execute(tx).await?;
    }
    Ok(())
}

/// Applies the configured value, if there is one and it differs from the stored one.
///
/// # Errors
/// When the database fails.
pub async fn configure(db: &Db, configured: Option<Creators>) -> Result<(), ApiError> {
    let Some(creators) = configured else { return Ok(()) };
    if read(db.read()).await? == creators {
        return Ok(());
    }
    transaction::write(db, |tx| Box::pin(async move { Ok(set_in(tx, creators).await?) })).await
}
