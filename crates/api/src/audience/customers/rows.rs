//! Maps customers to rows of the database and back.

use std::collections::BTreeSet;

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields, CustomerStatus, CustomerType},
    email::EmailKey,
    facts::Balance,
    ids::{CustomerId, StoreId, UserId},
    source::Source,
    tag::TagName,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use crate::db::{
    bulk::{OnConflict, Target, Type},
    column::{bad_value, known},
    entities::customers::Model,
    sql::{Each, Sql, Values},
};

/// The columns of a [`Model`], in the order of [`values`].
pub const CUSTOMERS: Target = Target {
    table: "customers",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("email", Type::Text),
        ("email_key", Type::Text),
        ("first_name", Type::Text),
        ("last_name", Type::Text),
        ("full_name", Type::Text),
        ("name_sort", Type::Text),
        ("phone", Type::Text),
        ("alias", Type::Text),
        ("search_text", Type::Text),
        ("kind", Type::Text),
        ("source", Type::Text),
        ("source_detail", Type::Text),
        ("consent", Type::Text),
        ("status", Type::Text),
        ("score", Type::BigInt),
        ("total_spent", Type::BigInt),
        ("attributes", Type::Text),
        ("created_at", Type::BigInt),
        ("last_activity_at", Type::BigInt),
        ("user_id", Type::Uuid),
        ("import_id", Type::Uuid),
        ("version", Type::BigInt),
        ("follows_facts", Type::BigInt),
        ("status_by_hand", Type::BigInt),
        ("imported_spent", Type::BigInt),
        ("imported_spent_at", Type::BigInt),
    ],
    on_conflict: OnConflict::Fail,
};

/// An upsert that writes everything but the key.
pub const CUSTOMERS_UPDATE: Target = Target {
    on_conflict: OnConflict::Replace { key: &["store_id", "id"], keep: &[], more: "" },
    ..CUSTOMERS
};

/// An upsert that keeps the link to an account, which another transaction may have changed meanwhile.
pub const CUSTOMERS_RESTORE: Target = Target {
    on_conflict: OnConflict::Replace { key: &["store_id", "id"], keep: &["user_id"], more: "" },
    ..CUSTOMERS
};

/// An upsert that writes only the columns that may be derived from facts, and no index of the others.
pub const CUSTOMERS_FOLLOW: Target = Target {
    on_conflict: OnConflict::Replace {
        key: &["store_id", "id"],
        keep: &[
            "email",
            "email_key",
            "phone",
            "alias",
            "consent",
            "score",
            "attributes",
            "user_id",
            "import_id",
            "imported_spent",
            "imported_spent_at",
        ],
        more: "",
    },
    ..CUSTOMERS
};

/// The tags of customers.
pub const CUSTOMER_TAGS: Target = Target {
    table: "customer_tags",
    columns: &[("store_id", Type::Uuid), ("customer_id", Type::Uuid), ("tag_id", Type::Uuid)],
    on_conflict: OnConflict::Clause("ON CONFLICT DO NOTHING"),
};

/// A customer as stored, with the columns that only the database needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The customer.
    pub customer: Customer,
    /// The import that created it.
    pub import_id: Option<Uuid>,
}

/// The values of a row, in the order of [`CUSTOMERS`].
#[must_use]
pub fn values(stored: Stored) -> Vec<Value> {
    let Stored { customer, import_id } = stored;
    // Every field is named, so that a new one breaks the build until it is stored.
    let Customer { id, store_id, email, email_key, user_id, version, fields } = customer;
    let (name_sort, search_text) = (fields.name_sort(), fields.search_text(&email));
    let CustomerFields {
        first_name,
        last_name,
        full_name,
        phone,
        alias,
        kind,
        source,
        source_detail,
        consent,
        status,
        status_by_hand,
        score,
        total_spent,
        imported_spent,
        follows_facts,
        attributes,
        tags: _,
        created_at,
        last_activity_at,
    } = fields;
    vec![
        store_id.uuid().into(),
        id.uuid().into(),
        email.into(),
        email_key.into_string().into(),
        first_name.into(),
        last_name.into(),
        full_name.into(),
        name_sort.into(),
        phone.into(),
        alias.into(),
        search_text.into(),
        kind.as_str().into(),
        source.as_str().into(),
        source_detail.into(),
        consent.as_str().into(),
        status.as_str().into(),
        score.into(),
        total_spent.into(),
        // A map of texts can always be serialised to JSON.
        serde_json::to_string(&attributes).unwrap_or_default().into(),
        created_at.millis().into(),
        last_activity_at.map(Timestamp::millis).into(),
        user_id.map(UserId::uuid).into(),
        import_id.into(),
        version.into(),
        i64::from(follows_facts).into(),
        i64::from(status_by_hand).into(),
        imported_spent.map(|balance| balance.amount).into(),
        imported_spent.map(|balance| balance.at.millis()).into(),
    ]
}

/// Converts a row and its tags.
///
/// # Errors
/// [`DbErr::Type`] for an unknown kind, or attributes that are not JSON.
pub fn stored(model: Model, tags: BTreeSet<TagName>) -> Result<Stored, DbErr> {
    let fields = CustomerFields {
        kind: known(CustomerType::parse(&model.kind), "kind")?,
        source: known(Source::parse(&model.source), "source")?,
        consent: known(Consent::parse(&model.consent), "consent")?,
        status: known(CustomerStatus::parse(&model.status), "status")?,
        attributes: serde_json::from_str(&model.attributes).map_err(|_| bad_value("attributes"))?,
        first_name: model.first_name,
        last_name: model.last_name,
        full_name: model.full_name,
        phone: model.phone,
        alias: model.alias,
        source_detail: model.source_detail,
        score: model.score,
        total_spent: model.total_spent,
        imported_spent: model
            .imported_spent
            .zip(model.imported_spent_at)
            .and_then(|(amount, at)| Balance::new(amount, Timestamp::from_millis(at))),
        follows_facts: model.follows_facts != 0,
        status_by_hand: model.status_by_hand != 0,
        tags,
        created_at: Timestamp::from_millis(model.created_at),
        last_activity_at: model.last_activity_at.map(Timestamp::from_millis),
    };
    let customer = Customer {
        id: CustomerId::new(model.id),
        store_id: StoreId::new(model.store_id),
        email: model.email,
        email_key: EmailKey::from_stored(model.email_key),
        user_id: model.user_id.map(UserId::new),
        version: model.version,
        fields,
    };
    Ok(Stored { customer, import_id: model.import_id })
}

/// The tags of customers, by customer.
///
/// # Errors
/// Returns the error of the database.
pub async fn tags_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<std::collections::HashMap<Uuid, BTreeSet<TagName>>, DbErr> {
    let mut tags = std::collections::HashMap::<Uuid, BTreeSet<TagName>>::new();
    if customers.is_empty() {
        return Ok(tags);
    }
    // Not a join, in which SQLite may read all tags of the store first.
    let mut sql = Sql::new(
        "SELECT customer_tags.customer_id, (SELECT t.name FROM tags t
         WHERE t.id = customer_tags.tag_id AND t.store_id = ",
    );
    // The store is named again, so that a distributed database infers that all rows are on one node.
    sql.bind(store_id.uuid()).push(") FROM ");
    sql.each(
        db,
        &Each {
            table: "customer_tags",
            store_id: Some(store_id.uuid()),
            within: None,
            column: "customer_id",
            values: Values::Ids(customers),
            lock: false,
        },
    );
    for row in sql.all(db).await? {
        let (customer, name): (Uuid, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let Some(name) = name else { continue };
        let name = TagName::parse(&name).map_err(|_| bad_value("tags.name"))?;
        tags.entry(customer).or_default().insert(name);
    }
    Ok(tags)
}

/// Parses a JSON list of tag names.
///
/// # Errors
/// [`DbErr::Type`] when it is not a list of valid names.
pub fn tags(names: Option<&str>) -> Result<BTreeSet<TagName>, DbErr> {
    let names: Vec<String> =
        names.map_or(Ok(Vec::new()), serde_json::from_str).map_err(|_| bad_value("tags.name"))?;
    names.iter().map(|name| TagName::parse(name).map_err(|_| bad_value("tags.name"))).collect()
}

/// Loads the tags of rows and converts them.
///
/// # Errors
/// Returns the error of the database, or of a row.
pub async fn with_tags(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    models: Vec<Model>,
) -> Result<Vec<Stored>, DbErr> {
    let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
    let mut tags = tags_of(db, store_id, &ids).await?;
    models
        .into_iter()
        .map(|model| {
            let tags = tags.remove(&model.id).unwrap_or_default();
            stored(model, tags)
        })
        .collect()
}
