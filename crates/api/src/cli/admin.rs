//! Accounts, stores and keys from the command line.

use clap::{Args, Subcommand};
use fanbase_domain::{
    email::Email,
    field_errors::FieldErrors,
    ids::UserId,
    password::Password,
    role::Role,
    wire::{
        admin::{ConnectionPatch, PatchStoreConnectionRequest},
        api_keys::{CreateApiKeyRequest, NewApiKey, Scope},
        auth::MAX_NAME,
        stores::{CreateStoreRequest, NewStore, StoreResponse},
    },
};

use super::{Failure, Output, clerk};
use crate::{
    accounts::{
        api_keys, members, sessions, stores,
        users::{self, service::NewUser},
    },
    auth::secret,
    clock,
    db::Db,
    error::ApiError,
};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create an account.
    Create(CreateUser),
    /// Give an account another password; whoever is signed in with it has to sign in again.
    Password(SetPassword),
    /// Take over accounts that Clerk has already.
    ImportClerk(clerk::ImportClerk),
}

#[derive(Args, Debug)]
pub(super) struct CreateUser {
    /// The address of the account.
    #[arg(long)]
    email: Email,
    /// The name to show.
    #[arg(long, value_parser = parse_name)]
    name: String,
    /// The password, at least 8 characters; one is made and printed when absent.
    #[arg(long)]
    password: Option<String>,
    /// May administer the platform.
    #[arg(long)]
    admin: bool,
}

#[derive(Args, Debug)]
pub(super) struct SetPassword {
    /// The address of the account.
    #[arg(long)]
    email: Email,
    /// The password, at least 8 characters; one is made and printed when absent.
    #[arg(long)]
    password: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Create a store.
    Create(CreateStore),
    /// Give a store another owner, beside those it has.
    Owner(AddOwner),
    /// Say which events of Stripe are about a store.
    Connect(ConnectStore),
}

#[derive(Args, Debug)]
pub(super) struct AddOwner {
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
    /// The address of the account that is to own it.
    #[arg(long)]
    owner: Email,
}

#[derive(Args, Debug)]
pub(super) struct ConnectStore {
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
    /// The connected account whose events are about the store; empty for none.
    #[arg(long, value_name = "ACCT")]
    stripe_account: Option<String>,
    /// Whether events of the platform's own account are about the store when it sells by their price.
    #[arg(long, value_name = "BOOL")]
    platform_events: Option<bool>,
}

#[derive(Args, Debug)]
pub(super) struct CreateStore {
    /// The name of the store.
    #[arg(long)]
    name: String,
    /// Its part of web addresses.
    #[arg(long)]
    slug: String,
    /// The address of the account that owns it.
    #[arg(long)]
    owner: Email,
    /// What its amounts are in: the code of a currency (ISO 4217).
    #[arg(long, default_value = "USD")]
    currency: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Create an API key; it is printed this once.
    Create(CreateKey),
}

#[derive(Args, Debug)]
pub(super) struct CreateKey {
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
    /// What the key may do; several times for several.
    #[arg(long = "scope", required = true, num_args = 1.., value_parser = parse_scope)]
    scopes: Vec<Scope>,
    /// What the key is for.
    #[arg(long, default_value = "command line")]
    name: String,
}

fn parse_scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        format!("known scopes are {}", known.join(", "))
    })
}

fn parse_name(text: &str) -> Result<String, String> {
    let mut errors = FieldErrors::new();
    let name = errors.text("name", Some(text), MAX_NAME);
    match (name, errors.into_vec().pop()) {
        (Some(name), None) => Ok(name),
        (_, Some(error)) => Err(error.message),
        (None, None) => Err("An account needs a name.".to_owned()),
    }
}

pub(super) async fn user(db: &Db, command: UserCommand, out: &Output) -> Result<(), Failure> {
    match command {
        UserCommand::Create(args) => create_user(db, args, out).await,
        UserCommand::Password(args) => set_password(db, args, out).await,
        UserCommand::ImportClerk(args) => clerk::import(db, &args, out).await,
    }
}

async fn set_password(db: &Db, args: SetPassword, out: &Output) -> Result<(), Failure> {
    let password = given_or_made(args.password)?;
    let user = account(db, &args.email).await?;
    sessions::password::set(db, user, password.clone(), None).await?;
    let (email, password) = (args.email.typed(), password.into_string());
    let value = serde_json::json!({ "id": user, "email": email, "password": password });
    out.result(&value, &format!("The account {email} has the password {password}"))
}

/// A password that was given, or a new one. Checked here and not while the arguments are read: what
/// is wrong there is shown.
fn given_or_made(password: Option<String>) -> Result<Password, Failure> {
    let password = password.unwrap_or_else(secret::random);
    Password::parse(&password).map_err(|error| Failure::usage(error.to_string()))
}

/// The account of an address.
async fn account(db: &Db, email: &Email) -> Result<UserId, Failure> {
    let found = users::queries::find_by_email(db.read(), email).await?;
    found
        .map(|(user, _)| user.id)
        .ok_or_else(|| Failure::new(format!("There is no account {}.", email.typed())))
}

async fn create_user(db: &Db, args: CreateUser, out: &Output) -> Result<(), Failure> {
    let password = given_or_made(args.password)?;
    let new = NewUser {
        email: args.email,
        name: Some(args.name),
        avatar_url: None,
        password_hash: Some(secret::hash_password(password.clone().into_string()).await?),
        is_admin: args.admin,
        created_at: clock::now(),
        last_sign_in_at: None,
    };
    let user = users::service::create(db, new).await.map_err(|error| match error {
        ApiError::EmailTaken => Failure::new("Another account has this address."),
        error => error.into(),
    })?;
    let (email, password) = (user.email.unwrap_or_default(), password.into_string());
    let value = serde_json::json!({ "id": user.id, "email": email, "password": password });
    out.result(&value, &format!("Created the account {email} with the password {password}"))
}

pub(super) async fn store(db: &Db, command: StoreCommand, out: &Output) -> Result<(), Failure> {
    match command {
        StoreCommand::Create(args) => create_store(db, args, out).await,
        StoreCommand::Owner(args) => add_owner(db, args, out).await,
        StoreCommand::Connect(args) => connect_store(db, args, out).await,
    }
}

async fn add_owner(db: &Db, args: AddOwner, out: &Output) -> Result<(), Failure> {
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let user = account(db, &args.owner).await?;
    let member = members::service::add_owner(db, store.id, user).await?;
    let text = format!("{} owns the store {}", args.owner.typed(), store.slug);
    out.result(&member, &text)
}

async fn connect_store(db: &Db, args: ConnectStore, out: &Output) -> Result<(), Failure> {
    let account = args.stripe_account.map(|account| Some(account).filter(|account| !account.is_empty()));
    let request = PatchStoreConnectionRequest {
        stripe_account: account,
        takes_platform_events: args.platform_events.map(Some),
    };
    let patch = ConnectionPatch::try_from(request)?;
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let connection = stores::service::connect(db, store.id, patch).await?;
    let account = connection.stripe_account.as_deref().unwrap_or("no account at Stripe");
    let events = if connection.takes_platform_events { "takes" } else { "does not take" };
    let text = format!(
        "The store {} is connected to {account}, and {events} events of the platform's own account.",
        store.slug
    );
    out.result(&connection, &text)
}

async fn create_store(db: &Db, args: CreateStore, out: &Output) -> Result<(), Failure> {
    let request = CreateStoreRequest { name: args.name, slug: args.slug, currency: Some(args.currency) };
    let new = NewStore::try_from(request)?;
    let owner = account(db, &args.owner).await?;
    let store =
        StoreResponse::seen_by(stores::service::create(db, new, owner).await?, Some(Role::AgencyOwner));
    let text = format!("Created the store {} with the id {}", store.slug, store.id);
    out.result(&store, &text)
}

pub(super) async fn key(db: &Db, command: KeyCommand, out: &Output) -> Result<(), Failure> {
    let KeyCommand::Create(args) = command;
    let request = CreateApiKeyRequest { name: args.name, scopes: args.scopes, expires_at: None };
    let new = NewApiKey::try_from(request)?;
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let key = api_keys::service::create(db, store.id, new).await?;
    let secret = key.secret.clone();
    out.result(&key, &secret)
}
