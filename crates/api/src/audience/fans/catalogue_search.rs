//! Searches the names of courses, products and tags.

use fanbase_domain::{
    filter::FoundItems,
    ids::{CourseId, ProductId, StoreId, TagId},
    search::Search,
    text,
};
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::sql::Sql;

/// Courses, products and tags whose names match a search. Compares all names, since a store has few.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    search: &Search,
) -> Result<FoundItems, DbErr> {
    let mut sql = Sql::new("SELECT id, title, 1 FROM courses WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" UNION ALL SELECT id, title, 0 FROM products WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" UNION ALL SELECT id, name, 2 FROM tags WHERE store_id = ");
    sql.bind(store_id.uuid());
    let mut found = FoundItems::default();
    for row in sql.all(db).await? {
        if search.matches(&text::fold(&row.try_get_by_index::<String>(1)?)) {
            let id = row.try_get_by_index(0)?;
            match row.try_get_by_index::<i32>(2)? {
                1 => found.courses.push(CourseId::new(id)),
                2 => found.tags.push(TagId::new(id)),
                _ => found.products.push(ProductId::new(id)),
            }
        }
    }
    Ok(found)
}
