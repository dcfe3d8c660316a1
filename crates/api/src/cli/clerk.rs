//! `fanbase user import-clerk`: takes over accounts from a file of Clerk's API.
//!
//! The file is read on a thread of its own and written in batches, so that memory does not grow with it.
//! A batch is a transaction; run again, the command skips what is there already.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use fanbase_domain::clerk;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{
    Deserializer as _, Serialize,
    de::{SeqAccess, Visitor},
};
use serde_json::Value;
use tokio::sync::mpsc::{self, Sender};

use super::{Failure, Output};
use crate::{
    accounts::users::clerk::bulk::{self, Listed},
    db::Db,
};

/// Accounts of a transaction.
const BATCH: usize = 2_000;
/// Batches that wait to be written.
const WAITING: usize = 2;

#[derive(Args, Debug)]
pub(super) struct ImportClerk {
    /// A JSON array of users, as Clerk's API answers GET /v1/users.
    file: PathBuf,
}

/// How many accounts there were.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Imported {
    /// Accounts that were read.
    accounts: u64,
    /// Those of them that cannot be understood.
    invalid: u64,
}

/// Imports a file, and prints how many accounts it had.
///
/// # Errors
/// When the file cannot be read to its end, or the database fails. What was read before stays.
pub(super) async fn import(db: &Db, args: &ImportClerk, out: &Output) -> Result<(), Failure> {
    let path = args.file.clone();
    let cannot = |error: std::io::Error| Failure::new(format!("{} cannot be read: {error}.", path.display()));
    let file = File::open(&path).map_err(cannot)?;
    let bar = progress_bar(file.metadata().map_err(cannot)?.len(), out);
    let (sender, mut batches) = mpsc::channel::<Vec<Listed>>(WAITING);
    let reader = bar.wrap_read(file);
    let reading = tokio::task::spawn_blocking(move || read(BufReader::new(reader), &path, sender));
    let mut written = Ok(());
    while let Some(batch) = batches.recv().await {
        written = bulk::import(db, &batch).await;
        if written.is_err() {
            break;
        }
    }
    // The reader stops when the channel is closed.
    drop(batches);
    let read = reading.await.map_err(|error| Failure::new(error.to_string()))?;
    bar.finish_and_clear();
    written?;
    let imported = read?;
    let text = format!("Read {} accounts, of which {} were invalid.", imported.accounts, imported.invalid);
    out.result(&imported, &text)
}

fn progress_bar(bytes: u64, out: &Output) -> ProgressBar {
    if out.is_json() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Reads a file to its end and sends its accounts in batches.
fn read(file: impl Read, path: &Path, sender: Sender<Vec<Listed>>) -> Result<Imported, Failure> {
    let mut reader = Reader { imported: Imported::default(), batch: Vec::new(), sender };
    let mut json = serde_json::Deserializer::from_reader(file);
    let outcome = json.deserialize_seq(&mut reader).and_then(|()| json.end());
    // What comes before a fault is taken, too.
    reader.send();
    let Imported { accounts, .. } = reader.imported;
    outcome.map_err(|error| {
        Failure::new(format!(
            "{} is not a JSON array of users: {error}. The {accounts} accounts before were imported.",
            path.display()
        ))
    })?;
    Ok(reader.imported)
}

struct Reader {
    imported: Imported,
    batch: Vec<Listed>,
    sender: Sender<Vec<Listed>>,
}

impl Reader {
    fn take(&mut self, user: &Value) {
        self.imported.accounts += 1;
        match (user["id"].as_str(), clerk::snapshot(user)) {
            (Some(id), Ok((snapshot, _))) => self.batch.push((id.to_owned(), snapshot)),
            _ => self.imported.invalid += 1,
        }
        if self.batch.len() >= BATCH {
            self.send();
        }
    }

    /// Sends the batch. A closed channel means that the database has failed, which is reported.
    fn send(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            let _ = self.sender.blocking_send(batch);
        }
    }
}

impl<'de> Visitor<'de> for &mut Reader {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of users")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut users: A) -> Result<(), A::Error> {
        while let Some(user) = users.next_element::<Value>()? {
            self.take(&user);
        }
        Ok(())
    }
}
