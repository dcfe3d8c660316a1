//! Streams fans as CSV, with one page in memory at a time.

use std::{collections::BTreeSet, pin::Pin};

use actix_web::web::Bytes;
use fanbase_domain::{
    custom_field,
    filter::FanFilter,
    page::{Cursor, Sort, Step},
    store::Store,
};
use futures_util::{Stream, stream};
use sea_orm::QueryOrder as _;

use super::{
    access_path::Plans,
    export_columns::{Column, FIXED, Layout},
    list::Query,
    service,
};
use crate::{
    db::{Db, entities::custom_fields},
    error::ApiError,
};

/// Fans per page.
const PAGE: u64 = 1_000;
/// Marks a file as UTF-8 for spreadsheets.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The chunks of a CSV file.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, ApiError>> + Send>>;

/// Streams the fans that match a filter.
#[must_use]
pub fn stream(db: Db, store: Store, filter: FanFilter, layout: Layout) -> Chunks {
    let Layout { sort, columns, byte_order_mark } = layout;
    let export = Export {
        db,
        store,
        filter,
        sort,
        columns: columns.unwrap_or_default(),
        byte_order_mark,
        plans: Plans::default(),
        at: Next::Header,
    };
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
    sort: Sort,
    /// Filled with all columns when the header is written, unless some were requested.
    columns: Vec<Column>,
    byte_order_mark: bool,
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
        let mut bytes = Vec::new();
        if self.byte_order_mark && matches!(self.at, Next::Header) {
            bytes.extend_from_slice(BYTE_ORDER_MARK);
        }
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
        match std::mem::replace(&mut self.at, Next::End) {
            Next::End => return Ok(None),
            Next::Header => {
                let fields = self.load_fields().await?;
                if self.columns.is_empty() {
                    self.columns.extend((0..FIXED.len()).map(Column::Fixed));
                    self.columns.extend(fields.iter().map(|(key, _)| Column::Attribute(key.clone())));
                }
                write(&mut writer, self.columns.iter().map(|column| column.header(&fields)))?;
                self.at = Next::Page(None);
            }
            Next::Page(cursor) => {
                let query = Query {
                    store_id: self.store.id,
                    filter: &self.filter,
                    sort: self.sort,
                    cursor: cursor.as_ref(),
                    limit: PAGE,
                };
                let page = service::page(&self.db, &self.plans, &query).await?;
                for fan in &page.items {
                    write(&mut writer, self.columns.iter().map(|column| column.cell(fan, &self.store)))?;
                }
                if let (true, Some(last)) = (page.more, page.items.last()) {
                    let position = last.position(self.sort.column);
                    self.at = Next::Page(Some(Cursor { position, step: Step::Next }));
                }
            }
        }
        let bytes = writer.into_inner().map_err(|error| ApiError::Internal(error.to_string()))?;
        Ok(Some(Bytes::from(bytes)))
    }

    /// Keys and headers of the custom fields. The header is the label if an import derives the same key from
    /// it, else the key.
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
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: impl IntoIterator<Item = String>) -> Result<(), ApiError> {
    writer.write_record(cells).map_err(|error| ApiError::Internal(error.to_string()))
}
