//! The demo store and the sample audience.

use std::path::{Path, PathBuf};

use clap::Args;
use fanbase_domain::{
    email::Email,
    ids::StoreId,
    store::Store,
    time::Timestamp,
    wire::{
        imports::{ImportConsent, ImportOptions, ImportResponse},
        stores::{CreateStoreRequest, NewStore},
    },
};

use super::{
    Failure, Output,
    data::{finish_interrupted, import_file},
    sales,
};
use crate::{
    accounts::{
        stores,
        users::{self, service::NewUser},
    },
    auth::secret,
    clock,
    config::Config,
    db::Db,
    error::ApiError,
    imports,
    sample::{self, SampleOptions},
};

/// How the demo store is called, and how to sign in.
const DEMO_STORE: (&str, &str) = ("Pause Play Repeat", "pause-play-repeat");
const DEMO_EMAIL: &str = "demo@fanbase.local";
const DEMO_PASSWORD: &str = "pause-play-repeat";

#[derive(Args, Debug)]
pub(super) struct SizeArgs {
    /// Contacts of the sample audience.
    #[arg(long, default_value_t = SampleOptions::default().rows)]
    rows: u64,
    /// Accounts of the sample audience.
    #[arg(long, default_value_t = SampleOptions::default().accounts)]
    accounts: u64,
    /// Another seed makes another audience.
    #[arg(long, default_value_t = SampleOptions::default().seed)]
    seed: u64,
}

#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    size: SizeArgs,
    /// Leave out what the sample audience learns and buys.
    #[arg(long)]
    without_sales: bool,
}

#[derive(Args, Debug)]
pub(super) struct SampleArgs {
    /// Where the contact file is written.
    file: PathBuf,
    #[command(flatten)]
    size: SizeArgs,
}

impl From<&SizeArgs> for SampleOptions {
    fn from(args: &SizeArgs) -> Self {
        Self { rows: args.rows, accounts: args.accounts, seed: args.seed }
    }
}

/// Sets up whatever of the demo store is not there yet.
pub(super) async fn demo(db: &Db, config: &Config, args: &DemoArgs, out: &Output) -> Result<(), Failure> {
    let known = match stores::queries::find_named(db.read(), DEMO_STORE.1).await {
        Ok(store) => Some(store),
        Err(ApiError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let options = SampleOptions::from(&args.size);
    let store = match known {
        Some(store) if !imports::queries::list(db.read(), store.id, None).await?.items.is_empty() => {
            finish_interrupted(db, config, out).await?;
            store
        }
        known => audience(db, config, known, &options, out).await?,
    };
    if !args.without_sales
        && let Some(sold) = sales::sell(db, &store, &options, clock::now()).await?
    {
        out.say(&format!("Noted {sold} enrolments, purchases, refunds and payments of subscriptions."))?;
    }
    demo_ready(store.id, out)
}

/// Registers the accounts and imports the contacts.
async fn audience(
    db: &Db,
    config: &Config,
    store: Option<Store>,
    options: &SampleOptions,
    out: &Output,
) -> Result<Store, Failure> {
    let folder = config.data_dir.join("demo");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("activecampaign-export.csv");
    let (expected, accounts) = write_sample(options, &file)?;
    let owner = demo_owner(db).await?;
    let accounts = accounts.into_iter().map(new_user).collect::<Result<Vec<_>, _>>()?;
    users::service::create_all(db, &accounts).await?;
    let store = match store {
        Some(store) => store,
        None => {
            let (name, slug) = (DEMO_STORE.0.to_owned(), DEMO_STORE.1.to_owned());
            let request = CreateStoreRequest { name, slug, currency: None };
            stores::service::create(db, NewStore::try_from(request).map_err(ApiError::from)?, owner).await?
        }
    };
    // Where the sample's Status is blank, they agreed.
    let import_options =
        ImportOptions { consent: Some(ImportConsent::Subscribed), ..ImportOptions::default() };
    let import = import_file(db, config, store.id, &file, &import_options, out).await?;
    std::fs::remove_file(&file)?;
    let tally = ImportResponse::from(import).tally;
    if (tally.rows, tally.created, tally.invalid) != (expected.rows, expected.created, expected.invalid) {
        return Err(Failure::new(format!("The import says {tally:?}, but {expected:?} was expected.")));
    }
    out.say(&format!("Imported {} contacts: {} customers.", tally.rows, tally.created))?;
    Ok(store)
}

fn new_user(account: sample::Account) -> Result<NewUser, Failure> {
    Ok(NewUser {
        email: Email::parse(&account.email).map_err(|error| Failure::new(error.to_string()))?,
        name: Some(account.name),
        avatar_url: account.avatar_url,
        password_hash: None,
        is_admin: false,
        created_at: Timestamp::from_millis(account.created_at_ms),
        last_sign_in_at: account.last_sign_in_at_ms.map(Timestamp::from_millis),
    })
}

async fn demo_owner(db: &Db) -> Result<fanbase_domain::ids::UserId, Failure> {
    let email = Email::parse(DEMO_EMAIL).map_err(|error| Failure::new(error.to_string()))?;
    if let Some((user, _)) = users::queries::find_by_email(db.read(), &email).await? {
        return Ok(user.id);
    }
    let new = NewUser {
        email,
        name: Some("Demo Creator".to_owned()),
        avatar_url: None,
        password_hash: Some(secret::hash_password(DEMO_PASSWORD.to_owned()).await?),
        is_admin: false,
        created_at: clock::now(),
        last_sign_in_at: None,
    };
    Ok(users::service::create(db, new).await?.id)
}

fn demo_ready(store_id: StoreId, out: &Output) -> Result<(), Failure> {
    let value = serde_json::json!({
        "store_id": store_id, "slug": DEMO_STORE.1, "email": DEMO_EMAIL, "password": DEMO_PASSWORD,
    });
    let text = format!("Sign in as {DEMO_EMAIL} with the password {DEMO_PASSWORD} (store {}).", DEMO_STORE.1);
    out.result(&value, &text)
}

pub(super) fn sample(args: &SampleArgs, out: &Output) -> Result<(), Failure> {
    let (expected, accounts) = write_sample(&(&args.size).into(), &args.file)?;
    let text = format!(
        "{}: {} rows, of which {} new, {} duplicate and {} invalid; {} accounts.",
        args.file.display(),
        expected.rows,
        expected.created,
        expected.duplicate_in_file,
        expected.invalid,
        accounts.len()
    );
    out.result(&expected, &text)
}

fn write_sample(
    options: &SampleOptions,
    path: &Path,
) -> Result<(sample::Expected, Vec<sample::Account>), Failure> {
    use std::io::Write as _;
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let written = sample::write_contacts(options, &mut file)?;
    file.flush()?;
    Ok(written)
}
