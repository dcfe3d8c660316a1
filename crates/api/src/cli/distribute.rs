//! `fanbase distribute`: spreads a migrated database over the nodes of Citus.

use serde_json::json;

use super::{Failure, Output};
use crate::db::{
    Db,
    distribution::{self, Placement},
};

/// Places every table, and says where. Run again, it places what came since, such as the tables of a
/// newer version.
///
/// # Errors
/// When the database has no Citus, or refuses.
pub(super) async fn run(db: &Db, out: &Output) -> Result<(), Failure> {
    let tables = distribution::tables(db.write()).await.map_err(|error| Failure::new(error.to_string()))?;
    for table in &tables {
        distribution::place(db.write(), table).await?;
    }
    distribution::write_in_sequence(db.write()).await?;
    let of = |placement: Placement| -> Vec<&str> {
        let placed = tables.iter().filter(|table| table.placement == placement);
        placed.map(|table| table.name.as_str()).collect()
    };
    let (distributed, reference, local) =
        (of(Placement::Distributed), of(Placement::Reference), of(Placement::Local));
    let new = tables.iter().filter(|table| !table.is_placed && table.placement != Placement::Local).count();
    let text = format!(
        "Distributed by store_id: {}.\nReference tables, whole on every node: {}.\nOn the coordinator only: {}.\n\
         {new} tables were placed now. Restart servers that are running.",
        distributed.join(", "),
        reference.join(", "),
        local.join(", ")
    );
    let value =
        json!({ "distributed": distributed, "reference": reference, "local": local, "placed_now": new });
    out.result(&value, &text)
}
