//! The settings: from flags, `FANBASE_*` environment variables and a TOML file, in this order of
//! precedence.
//!
//! `fanbase.example.toml` at the root of the repository documents them all.

use std::{
    fmt,
    net::{IpAddr, SocketAddr, ToSocketAddrs as _},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use actix_web::http::header::HeaderName;
use clap::Args;
use fanbase_domain::store::Creators;
use serde::Deserialize;

use crate::secrets::{self, StripeKey, StripeSecret, SvixSecret};
use sqlx::sqlite::SqliteConnectOptions;

/// Settings as given; what is absent has a default.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A TOML file with settings.
    #[arg(long, global = true, env = "FANBASE_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// sqlite://PATH or postgres://… [default: sqlite://fanbase.db]
    #[arg(long, global = true, env = "FANBASE_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where files of imports are kept [default: beside the SQLite file, else ./fanbase-files]
    #[arg(long, global = true, env = "FANBASE_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Address or name, and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "FANBASE_LISTEN", value_name = "HOST:PORT")]
    pub listen: Option<Listen>,
    /// Largest contact file in bytes [default: 1073741824]
    #[arg(long, global = true, env = "FANBASE_IMPORT_MAX_BYTES", value_name = "BYTES")]
    pub import_max_bytes: Option<u64>,
    /// Days after which a sign-in ends [default: 30]
    #[arg(long, global = true, env = "FANBASE_SESSION_DAYS", value_name = "DAYS")]
    pub session_days: Option<u32>,
    /// Whether the session cookie is sent over HTTPS only [default: true unless listening on loopback]
    #[arg(long, global = true, env = "FANBASE_SECURE_COOKIES", value_name = "BOOL")]
    pub secure_cookies: Option<bool>,
    /// The header in which the proxy before us names the client, such as X-Forwarded-For [default: none, the peer counts]
    #[arg(long, global = true, env = "FANBASE_CLIENT_ADDRESS_HEADER", value_name = "HEADER")]
    pub client_address_header: Option<String>,
    /// invited or open: who may create an account [default: invited]
    #[arg(long, global = true, env = "FANBASE_SIGN_UP", value_name = "WHO")]
    pub sign_up: Option<SignUp>,
    /// one or many: for whom the server is, which decides whose accounts are fans [default: what set-up was answered, else one]
    #[arg(long, global = true, env = "FANBASE_CREATORS", value_name = "WHO", value_parser = parse_creators)]
    pub creators: Option<Creators>,
    /// Requests a minute that an API key or a person may send; 0 means any number [default: 6000]
    #[arg(long, global = true, env = "FANBASE_RATE_LIMIT", value_name = "N")]
    pub rate_limit: Option<u32>,
    /// Requests a minute that one address may send without a credential that is valid; 0 means any number [default: 600]
    #[arg(long, global = true, env = "FANBASE_RATE_LIMIT_ADDRESS", value_name = "N")]
    pub rate_limit_address: Option<u32>,
    /// Seconds after which a statement that only reads is stopped; 0 means never [default: 30]
    #[arg(long, global = true, env = "FANBASE_STATEMENT_TIMEOUT", value_name = "SECONDS")]
    pub statement_timeout: Option<u32>,
    /// Signing secrets of the endpoint at Clerk, separated by commas [default: none, events are refused]
    #[arg(
        long,
        global = true,
        env = "FANBASE_CLERK_WEBHOOK_SECRETS",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "WHSEC"
    )]
    pub clerk_webhook_secrets: Option<Vec<SvixSecret>>,
    /// Signing secrets of the endpoints at Stripe, separated by commas [default: none, events are refused]
    #[arg(
        long,
        global = true,
        env = "FANBASE_STRIPE_WEBHOOK_SECRETS",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "WHSEC"
    )]
    pub stripe_webhook_secrets: Option<Vec<StripeSecret>>,
    /// A key to Stripe's API, to ask for what an event lacks [default: none, nothing is asked]
    #[arg(long, global = true, env = "FANBASE_STRIPE_API_KEY", hide_env_values = true, value_name = "KEY")]
    pub stripe_api_key: Option<StripeKey>,
    /// Where Stripe's API is [default: https://api.stripe.com]
    #[arg(long, global = true, env = "FANBASE_STRIPE_API_URL", value_name = "URL")]
    pub stripe_api_url: Option<String>,
    /// Who issues Clerk's session tokens: the Frontend API URL [default: none, they are refused]
    #[arg(long, global = true, env = "FANBASE_CLERK_ISSUER", value_name = "URL")]
    pub clerk_issuer: Option<String>,
    /// Where the keys of session tokens are [default: /.well-known/jwks.json of the issuer]
    #[arg(long, global = true, env = "FANBASE_CLERK_JWKS_URL", value_name = "URL")]
    pub clerk_jwks_url: Option<String>,
    /// The key of session tokens in PEM, so that none has to be fetched [default: none]
    #[arg(long, global = true, env = "FANBASE_CLERK_JWT_KEY", value_name = "PEM")]
    pub clerk_jwt_key: Option<String>,
    /// Origins of the applications whose session tokens are taken, separated by commas [default: any]
    #[arg(
        long,
        global = true,
        env = "FANBASE_CLERK_AUTHORIZED_PARTIES",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub clerk_authorized_parties: Option<Vec<String>>,
    /// Threads that serve requests [default: number of cores]
    #[arg(long, global = true, env = "FANBASE_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// text or json [default: text]
    #[arg(long, global = true, env = "FANBASE_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What is logged, as tracing-subscriber's EnvFilter reads it [default: info,sqlx=warn]
    #[arg(long, global = true, env = "FANBASE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

fn parse_creators(text: &str) -> Result<Creators, String> {
    Creators::parse(text).ok_or_else(|| "expected one or many".to_owned())
}

/// Who may create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Whoever has an invitation to a store.
    #[default]
    Invited,
    /// Everybody.
    Open,
}

/// Where a server listens: an address or a name, and a port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Listen {
    host: String,
    port: u16,
}

impl Default for Listen {
    fn default() -> Self {
        SocketAddr::from(([127, 0, 0, 1], 8080)).into()
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected an address or a name, and a port, such as localhost:8080".to_owned();
        if let Ok(address) = SocketAddr::from_str(text) {
            return Ok(address.into());
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let is_name =
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        let port = port.parse().map_err(|_| wrong())?;
        if is_name { Ok(Self { host: host.to_owned(), port }) } else { Err(wrong()) }
    }
}

impl TryFrom<String> for Listen {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brackets = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}{}{}:{}", brackets.0, self.host, brackets.1, self.port)
    }
}

impl Listen {
    /// Whether the server is reachable from this machine only.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// Resolves the host to socket addresses.
    ///
    /// # Errors
    /// [`std::io::Error`] if the name cannot be resolved.
    pub fn resolve(&self) -> std::io::Result<Vec<SocketAddr>> {
        Ok((self.host.as_str(), self.port).to_socket_addrs()?.collect())
    }
}

/// Settings, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub database_url: String,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: Listen,
    /// Largest contact file in bytes.
    pub import_max_bytes: u64,
    /// Days after which a sign-in ends.
    pub session_days: u32,
    /// Whether the session cookie is sent over HTTPS only.
    pub secure_cookies: bool,
    /// The header in which a proxy names the client.
    pub client_address_header: Option<HeaderName>,
    /// Who may create an account.
    pub sign_up: SignUp,
    /// For whom the server is; what set-up was answered, if absent.
    pub creators: Option<Creators>,
    /// Requests a minute of an API key or a person; 0 means any number.
    pub rate_limit: u32,
    /// Requests a minute of an address without a valid credential; 0 means any number.
    pub rate_limit_address: u32,
    /// Seconds that a statement which only reads may take in a server; 0 means any number.
    pub statement_timeout: u32,
    /// Secrets that Clerk's events may be signed with.
    pub clerk_webhook_secrets: Vec<SvixSecret>,
    /// Secrets that Stripe's events may be signed with.
    pub stripe_webhook_secrets: Vec<StripeSecret>,
    /// A key to Stripe's API; nothing is asked without.
    pub stripe_api_key: Option<StripeKey>,
    /// Where Stripe's API is.
    pub stripe_api_url: String,
    /// Who issues Clerk's session tokens; none are taken without.
    pub clerk_issuer: Option<String>,
    /// Where their keys are, if not where the issuer has them.
    pub clerk_jwks_url: Option<String>,
    /// Their key in PEM, if none is to be fetched.
    pub clerk_jwt_key: Option<String>,
    /// The origins that they may be made for; empty means any.
    pub clerk_authorized_parties: Vec<String>,
    /// Threads that serve requests; 0 means the number of cores.
    pub workers: usize,
    /// How logs are written.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
}

impl Config {
    /// How long a statement that only reads may take in a server.
    #[must_use]
    pub fn read_time_limit(&self) -> Option<Duration> {
        (self.statement_timeout > 0).then(|| Duration::from_secs(self.statement_timeout.into()))
    }
}

impl Settings {
    /// Adds the settings of the file and the defaults.
    ///
    /// # Errors
    /// A message for users, if the file or a setting is invalid.
    pub fn complete(self) -> Result<Config, String> {
        let file = match &self.config {
            None => Self::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
                toml::from_str(&text)
                    .map_err(|error| format!("{} is not a valid configuration: {error}", path.display()))?
            }
        };
        let database_url =
            self.database_url.or(file.database_url).unwrap_or("sqlite://fanbase.db".to_owned());
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|kind| database_url.starts_with(kind)) {
            return Err("The database URL must start with sqlite:// or postgres://.".to_owned());
        }
        let listen = self.listen.or(file.listen).unwrap_or_default();
        let data_dir = self.data_dir.or(file.data_dir).unwrap_or_else(|| match sqlite_file(&database_url) {
            Some(file) => file.with_extension("files"),
            None => PathBuf::from("fanbase-files"),
        });
        let client_address_header = self
            .client_address_header
            .or(file.client_address_header)
            .map(|name| name.parse().map_err(|_| format!("{name} cannot be the name of a header.")))
            .transpose()?;
        let clerk_jwt_key = self.clerk_jwt_key.or(file.clerk_jwt_key);
        if let Some(key) = &clerk_jwt_key {
            secrets::public_key(key)?;
        }
        Ok(Config {
            data_dir,
            client_address_header,
            sign_up: self.sign_up.or(file.sign_up).unwrap_or_default(),
            creators: self.creators.or(file.creators),
            rate_limit: self.rate_limit.or(file.rate_limit).unwrap_or(6_000),
            rate_limit_address: self.rate_limit_address.or(file.rate_limit_address).unwrap_or(600),
            import_max_bytes: self.import_max_bytes.or(file.import_max_bytes).unwrap_or(1 << 30),
            session_days: self.session_days.or(file.session_days).unwrap_or(30),
            secure_cookies: self.secure_cookies.or(file.secure_cookies).unwrap_or(!listen.is_loopback()),
            statement_timeout: self.statement_timeout.or(file.statement_timeout).unwrap_or(30),
            clerk_webhook_secrets: self
                .clerk_webhook_secrets
                .or(file.clerk_webhook_secrets)
                .unwrap_or_default(),
            stripe_webhook_secrets: self
                .stripe_webhook_secrets
                .or(file.stripe_webhook_secrets)
                .unwrap_or_default(),
            stripe_api_key: self.stripe_api_key.or(file.stripe_api_key),
            stripe_api_url: self
                .stripe_api_url
                .or(file.stripe_api_url)
                .unwrap_or("https://api.stripe.com".to_owned()),
            clerk_issuer: self.clerk_issuer.or(file.clerk_issuer),
            clerk_jwks_url: self.clerk_jwks_url.or(file.clerk_jwks_url),
            clerk_jwt_key,
            clerk_authorized_parties: self
                .clerk_authorized_parties
                .or(file.clerk_authorized_parties)
                .unwrap_or_default(),
            workers: self.workers.or(file.workers).unwrap_or(0),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
            log: self.log.or(file.log).unwrap_or("info,sqlx=warn".to_owned()),
            database_url,
            listen,
        })
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// The path of the file of a SQLite URL; `None` for other databases.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<std::path::PathBuf> {
    let options = url.starts_with("sqlite:").then(|| SqliteConnectOptions::from_str(url).ok())??;
    Some(options.get_filename().to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::{Listen, Settings};

    #[test]
    fn a_server_listens_at_addresses_and_names() {
        for (text, loopback) in [
            ("127.0.0.1:8080", true),
            ("0.0.0.0:80", false),
            ("[::1]:8080", true),
            ("localhost:8080", true),
            ("fanbase.example:443", false),
        ] {
            let listen: Listen = text.parse().unwrap();
            assert_eq!((listen.to_string().as_str(), listen.is_loopback()), (text, loopback));
        }
        for wrong in
            ["", "8080", "localhost", "localhost:", "localhost:99999", ":8080", "a b:80", "http://x:80"]
        {
            assert!(wrong.parse::<Listen>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_example_file_is_valid_and_names_every_setting() {
        let text = include_str!("../../../fanbase.example.toml");
        let uncommented: String = text
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .fold(String::new(), |all, line| all + line + "\n");
        let settings: Settings = toml::from_str(&uncommented).unwrap();
        let debug = format!("{settings:?}");
        assert_eq!(debug.matches("None").count(), 1, "only `config` itself may be absent: {debug}");
    }
}
