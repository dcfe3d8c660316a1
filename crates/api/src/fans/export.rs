//! All fans as CSV, in a stream: nothing but a page at a time is in memory.

use std::{collections::BTreeSet, pin::Pin};

use actix_web::web::Bytes;
use fanbase_domain::{
    custom_field,
    customer::AttributeValue,
    fan::Fan,
    filter::FanFilter,
    import::{safe_cell, tags_cell},
    page::{Cursor, Sort, SortColumn, Step},
    store::Store,
    time::Timestamp,
};
use futures_util::{Stream, stream};
use sea_orm::QueryOrder as _;

use super::{list::Query, plan::Plans, service};
use crate::{
    db::{Db, entities::custom_fields},
    error::ApiError,
};

/// Fans that are read at a time.
const PAGE: u64 = 1_000;
/// The columns that every fan has; an import recognises all of them.
const COLUMNS: [&str; 17] = [
    "Email",
    "First Name",
    "Last Name",
    "Name",
    "Phone",
    "Alias",
    "Type",
    "Consent",
    "Activity Status",
    "Source",
    "Source Detail",
    "Tags",
    "Score",
    "Total Spent",
    "Created At",
    "Last Activity At",
    "Has Account",
];

/// The chunks of a CSV file.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, ApiError>> + Send>>;

/// Streams the fans that a filter admits, oldest first.
#[must_use]
pub fn stream(db: Db, store: Store, filter: FanFilter) -> Chunks {
    let export = Export { db, store, filter, fields: Vec::new(), plans: Plans::default(), at: Next::Header };
    Box::pin(stream::unfold(export, |mut export| async move {
        match export.chunk().await {
            Ok(None) => None,
            Ok(Some(chunk)) => Some((Ok(chunk), export)),
            Err(error) => {
                export.at = Next::End;
                Some((Err(error), export))
            }
        }
    }))
}

struct Export {
    db: Db,
    store: Store,
    filter: FanFilter,
    /// Keys and headers of the attributes.
    fields: Vec<(String, String)>,
    plans: Plans,
    at: Next,
}

enum Next {
    Header,
    Page(Option<Cursor>),
    End,
}

impl Export {
    async fn chunk(&mut self) -> Result<Option<Bytes>, ApiError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        match std::mem::replace(&mut self.at, Next::End) {
            Next::End => return Ok(None),
            Next::Header => {
                self.fields = self.load_fields().await?;
                let attributes = self.fields.iter().map(|(_, header)| header.as_str());
                let header = COLUMNS.into_iter().chain(attributes).map(safe_cell::escape);
                write(&mut writer, header.map(|cell| cell.into_owned()))?;
                self.at = Next::Page(None);
            }
            Next::Page(cursor) => {
                let sort = Sort { column: SortColumn::CreatedAt, descending: false };
                let query = Query {
                    store_id: self.store.id,
                    filter: &self.filter,
                    sort,
                    cursor: cursor.as_ref(),
                    limit: PAGE,
                };
                let page = service::page(&self.db, &self.plans, &query).await?;
                for fan in &page.items {
                    write(&mut writer, self.cells(fan))?;
                }
                if let (true, Some(last)) = (page.more, page.items.last()) {
                    let position = last.position(SortColumn::CreatedAt);
                    self.at = Next::Page(Some(Cursor { position, step: Step::Next }));
                }
            }
        }
        let bytes = writer.into_inner().map_err(|error| ApiError::Internal(error.to_string()))?;
        Ok(Some(Bytes::from(bytes)))
    }

    /// A header that leads back to the key: the label, unless it was changed too far.
    async fn load_fields(&self) -> Result<Vec<(String, String)>, ApiError> {
        let fields = custom_fields::Entity::in_store(self.store.id).order_by_asc(custom_fields::Column::Key);
        let mut headers: BTreeSet<String> = BTreeSet::new();
        let mut all = Vec::new();
        for field in fields.all(self.db.read()).await? {
            let leads_back = custom_field::key_from_label(&field.label) == field.key;
            let header = if leads_back { field.label } else { field.key.clone() };
            if headers.insert(header.clone()) {
                all.push((field.key, header));
            }
        }
        Ok(all)
    }

    fn cells(&self, fan: &Fan) -> Vec<String> {
        let text = |text: Option<&str>| safe_cell::escape(text.unwrap_or_default()).into_owned();
        let time = |at: Option<Timestamp>| at.and_then(Timestamp::to_rfc3339).unwrap_or_default();
        let customer = match fan {
            Fan::Customer(customer, _) => Some(customer),
            Fan::User(..) => None,
        };
        let fields = customer.map(|customer| &customer.fields);
        let full_name = match fan {
            Fan::Customer(customer, _) => customer.fields.full_name.clone(),
            Fan::User(user, _) => user.name.clone(),
        };
        let mut cells = vec![
            text(Some(fan.email())),
            text(fields.and_then(|f| f.first_name.as_deref())),
            text(fields.and_then(|f| f.last_name.as_deref())),
            text(full_name.as_deref()),
            text(fields.and_then(|f| f.phone.as_deref())),
            text(fields.and_then(|f| f.alias.as_deref())),
            fan.kind().to_string(),
            fields.map(|f| f.consent.to_string()).unwrap_or_default(),
            fields.map(|f| f.status.to_string()).unwrap_or_default(),
            fan.source().to_string(),
            text(fields.and_then(|f| f.source_detail.as_deref())),
            text(fields.map(|f| tags_cell::write(&f.tags)).as_deref()),
            fields.and_then(|f| f.score).map(|score| score.to_string()).unwrap_or_default(),
            fields.map(|f| self.store.currency.format_minor(f.total_spent)).unwrap_or_default(),
            time(Some(fan.created_at())),
            time(fan.last_activity_at()),
            if fan.has_account() { "yes".to_owned() } else { "no".to_owned() },
        ];
        for (key, _) in &self.fields {
            let value = fields.and_then(|f| f.attributes.get(key)).map(AttributeValue::to_cell);
            cells.push(text(value.as_deref()));
        }
        cells
    }
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: impl IntoIterator<Item = String>) -> Result<(), ApiError> {
    writer.write_record(cells).map_err(|error| ApiError::Internal(error.to_string()))
}
