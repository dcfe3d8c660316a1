//! Courses and products of a whole page of fans.

use std::collections::HashMap;

use fanbase_domain::{
    ids::StoreId,
    wire::fans::{FanCourseResponse, FanProductResponse, FanResponse},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Deserialize;
use uuid::Uuid;

use crate::db::{json_rows::AtOnce, sql::Sql};

/// The optional parts of a fan in a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// Enrolled courses.
    pub courses: bool,
    /// Purchased products.
    pub products: bool,
}

/// Adds the requested parts to a page of fans.
///
/// # Errors
/// Returns the error of the database.
pub async fn add(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    include: Include,
    fans: &mut [FanResponse],
) -> Result<(), DbErr> {
    let ids: Vec<Uuid> = fans.iter().map(|fan| fan.id.uuid()).collect();
    if include.courses {
        let mut courses = courses_of(db, store_id, &ids).await?;
        for fan in &mut *fans {
            fan.courses = Some(courses.remove(&fan.id.uuid()).unwrap_or_default());
        }
    }
    if include.products {
        let mut products = products_of(db, store_id, &ids).await?;
        for fan in &mut *fans {
            fan.products = Some(products.remove(&fan.id.uuid()).unwrap_or_default());
        }
    }
    Ok(())
}

async fn courses_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<FanCourseResponse>>, DbErr> {
    let mut sql = Sql::new(
        "SELECT e.customer_id, k.title, e.progress FROM enrollments e
         JOIN courses k ON k.store_id = e.store_id AND k.id = e.course_id WHERE e.store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "e.customer_id", ids);
    sql.push(" ORDER BY e.enrolled_at DESC, e.id DESC");
    let mut courses: HashMap<Uuid, Vec<FanCourseResponse>> = HashMap::new();
    for Enrolled { customer_id, title, progress } in sql.at_once(db).await? {
        courses.entry(customer_id).or_default().push(FanCourseResponse { title, progress });
    }
    Ok(courses)
}

#[derive(FromQueryResult, Deserialize)]
struct Enrolled {
    customer_id: Uuid,
    title: String,
    progress: i64,
}

impl AtOnce for Enrolled {
    fn json() -> String {
        "json_array(hex(page.customer_id), page.title, page.progress)".to_owned()
    }
}

/// Products by customer; each product once, however often it was bought.
async fn products_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<FanProductResponse>>, DbErr> {
    let mut sql = Sql::new(
        "SELECT b.customer_id, COALESCE(p.title, b.title) AS title FROM purchases b
         LEFT JOIN products p ON p.store_id = b.store_id AND p.id = b.item_id AND b.kind = 'product'
         WHERE (b.kind = 'product' OR b.kind IS NULL) AND b.store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "b.customer_id", ids);
    sql.push(" ORDER BY b.purchased_at DESC, b.id DESC");
    let mut products: HashMap<Uuid, Vec<FanProductResponse>> = HashMap::new();
    for Bought { customer_id, title } in sql.at_once(db).await? {
        let Some(title) = title else { continue };
        let bought = products.entry(customer_id).or_default();
        if !bought.iter().any(|product| product.title == title) {
            bought.push(FanProductResponse { title });
        }
    }
    Ok(products)
}

#[derive(FromQueryResult, Deserialize)]
struct Bought {
    customer_id: Uuid,
    title: Option<String>,
}

impl AtOnce for Bought {
    fn json() -> String {
        "json_array(hex(page.customer_id), page.title)".to_owned()
    }
}
