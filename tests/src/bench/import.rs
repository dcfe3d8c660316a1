//! How fast a contact file is imported, next to the databases' own loaders and to what
//! most importers do: one upsert a row.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::{process, table};
use crate::database::{Database, TestDatabase};

/// Imports a sample of `rows` rows and prints what it took.
pub async fn run(rows: u64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contacts.csv");
    let mut sample = Command::new(process::binary());
    sample.arg("sample").arg(&file).args(["--rows", &rows.to_string()]);
    process::output(sample);
    table::title(&format!("Import of {rows} rows"));
    table::head(&["database", "what", "seconds", "rows/s", "peak MiB", "× floor"]);
    for kind in [Database::Sqlite, Database::Postgres] {
        let (name, floor_name) = match kind {
            Database::Sqlite => ("SQLite", "`sqlite3 .import`, no index"),
            Database::Postgres => ("PostgreSQL", "`COPY` of all columns as text, no index"),
        };
        let floor = match kind {
            Database::Sqlite => sqlite_floor(folder.path(), &file),
            Database::Postgres => postgres_floor(&file).await,
        };
        print(name, floor_name, rows, Some(floor), None, floor);
        let took = import(kind, &file).await;
        print(name, "`fanbase import`", rows, Some(took.wall), Some(took.peak_mib), floor);
        print(name, "one upsert a row, one index", rows, Some(row_by_row(kind, &file).await), None, floor);
    }
}

fn print(name: &str, what: &str, rows: u64, took: Option<Duration>, peak: Option<u64>, floor: Duration) {
    let seconds = took.unwrap_or_default().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = rows as f64 / seconds;
    table::row(&[
        name.to_owned(),
        what.to_owned(),
        format!("{seconds:.2}"),
        format!("{rate:.0}"),
        peak.map_or("–".to_owned(), |mib| mib.to_string()),
        format!("{:.1}", seconds / floor.as_secs_f64()),
    ]);
}

async fn import(kind: Database, file: &Path) -> process::Took {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    run(&[
        "user",
        "create",
        "--email",
        "owner@example.com",
        "--name",
        "Owner",
        "--password",
        "correct-horse-9",
    ]);
    run(&["store", "create", "--name", "Bench", "--slug", "bench", "--owner", "owner@example.com"]);
    let path = file.to_string_lossy();
    let took =
        process::measure(process::fanbase(&database.url, &files, &["import", "--store", "bench", &path]));
    run(&["recount", "--store", "bench"]);
    database.remove().await;
    took
}

fn sqlite_floor(folder: &Path, file: &Path) -> Duration {
    let database = folder.join("floor.db");
    let mut command = Command::new("sqlite3");
    // It complains of every short or long row, of which there are some thousands.
    command.stderr(Stdio::null());
    command.arg(&database).args(["-cmd", ".mode csv"]).arg(format!(".import {} contacts", file.display()));
    let took = process::measure(command).wall;
    std::fs::remove_file(database).unwrap();
    took
}

/// The rows of the file, as wide as its header.
fn records(file: &Path) -> (usize, impl Iterator<Item = csv::StringRecord>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).unwrap();
    let width = reader.headers().unwrap().len();
    let records = reader.into_records().map(Result::unwrap).map(move |record| {
        let mut cells: csv::StringRecord = record.iter().take(width).collect();
        (cells.len()..width).for_each(|_| cells.push_field(""));
        cells
    });
    (width, records)
}

fn create_table(width: usize) -> String {
    let columns: Vec<String> = (0..width).map(|i| format!("c{i} TEXT")).collect();
    format!("CREATE TABLE floor ({})", columns.join(", "))
}

async fn postgres_floor(file: &Path) -> Duration {
    let database = TestDatabase::create(Database::Postgres).await;
    let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let (width, records) = records(file);
    connection.execute(AssertSqlSafe(create_table(width))).await.unwrap();
    let started = Instant::now();
    let mut copy = connection.copy_in_raw("COPY floor FROM STDIN (FORMAT csv)").await.unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(&record).unwrap();
        if writer.get_ref().len() > 1 << 16 {
            copy.send(writer.into_inner().unwrap()).await.unwrap();
            writer = csv::Writer::from_writer(Vec::new());
        }
    }
    copy.send(writer.into_inner().unwrap()).await.unwrap();
    copy.finish().await.unwrap();
    let took = started.elapsed();
    connection.close().await.unwrap();
    database.remove().await;
    took
}

/// What most importers do: one statement a row, in one transaction, with one unique index.
async fn row_by_row(kind: Database, file: &Path) -> Duration {
    let database = TestDatabase::create(kind).await;
    let mut connection = sea_orm::ConnectOptions::new(&database.url);
    connection.max_connections(1).sqlx_logging(false);
    let connection = sea_orm::Database::connect(connection).await.unwrap();
    let (width, records) = records(file);
    use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
    connection.execute_unprepared(&create_table(width)).await.unwrap();
    connection.execute_unprepared("CREATE UNIQUE INDEX floor_email ON floor (c1)").await.unwrap();
    let started = Instant::now();
    let transaction = connection.begin().await.unwrap();
    let places: Vec<String> = (1..=width).map(|i| format!("${i}")).collect();
    let updates: Vec<String> = (2..width).map(|i| format!("c{i} = excluded.c{i}")).collect();
    let sql = format!(
        "INSERT INTO floor VALUES ({}) ON CONFLICT (c1) DO UPDATE SET {}",
        places.join(", "),
        updates.join(", ")
    );
    for record in records {
        let values = record.iter().map(|cell| cell.replace('\0', "").into());
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), &sql, values);
        transaction.execute_raw(statement).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let took = started.elapsed();
    connection.close().await.unwrap();
    database.remove().await;
    took
}
