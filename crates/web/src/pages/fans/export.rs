//! The fans that were picked, as a CSV file, made here: they are few, and all of them are known.
//! The columns are among those of the server's export, so that an import reads it as well.

use std::time::Duration;

use fanbase_domain::{
    import::{safe_cell, tags_cell},
    money::Currency,
    tag::TagName,
    time::Timestamp,
    wire::fans::FanResponse,
};
use js_sys::Array;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

const COLUMNS: &str = "Email,Name,Alias,Type,Consent,Activity Status,Source,Source Detail,Tags,Score,Total Spent,\
    Created At,Last Activity At,Has Account";

/// Says to spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// How long the browser may take to fetch a file that was made here.
const FETCHED: Duration = Duration::from_secs(60);

/// The file's text.
pub(super) fn csv<'a>(fans: impl IntoIterator<Item = &'a FanResponse>, currency: Currency) -> String {
    let mut text = format!("{BYTE_ORDER_MARK}{COLUMNS}\r\n");
    for fan in fans {
        let cells: Vec<String> = cells(fan, currency).iter().map(|cell| quoted(cell)).collect();
        text += &cells.join(",");
        text += "\r\n";
    }
    text
}

fn cells(fan: &FanResponse, currency: Currency) -> [String; 14] {
    let text = |value: Option<&str>| safe_cell::escape(value.unwrap_or_default()).into_owned();
    let time = |at: Option<Timestamp>| at.and_then(Timestamp::to_rfc3339).unwrap_or_default();
    [
        text(Some(&fan.email)),
        text(fan.name.as_deref()),
        text(fan.alias.as_deref()),
        fan.r#type.as_str().to_owned(),
        text(fan.consent.map(|consent| consent.as_str())),
        text(fan.status.map(|status| status.as_str())),
        fan.source.as_str().to_owned(),
        text(fan.source_detail.as_deref()),
        text(Some(&tags_cell::write(&fan.tags.iter().filter_map(|tag| TagName::parse(tag).ok()).collect()))),
        fan.score.map(|score| score.to_string()).unwrap_or_default(),
        fan.total_spent.map(|minor| currency.format_minor(minor)).unwrap_or_default(),
        time(Some(fan.created_at)),
        time(fan.last_activity_at),
        if fan.has_account { "yes" } else { "no" }.to_owned(),
    ]
}

/// A cell in quotes where it needs them (RFC 4180).
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Has the browser save a text as a file.
pub(super) fn save(name: &str, text: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let parts = Array::of1(&JsValue::from_str(text));
    // Refused only where there is no memory left.
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &kind) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a").map(JsCast::unchecked_into::<HtmlAnchorElement>) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // Not at once: some browsers fetch it later.
    set_timeout(move || _ = Url::revoke_object_url(&address), FETCHED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_survive_commas_and_quotes() {
        for (cell, expected) in
            [("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("", "")]
        {
            assert_eq!(quoted(cell), expected);
        }
    }
}
