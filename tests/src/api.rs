//! Sending requests.

use std::net::SocketAddr;

use reqwest::Method;
use serde::Serialize;

use crate::response::Response;

/// Who is calling.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Nobody.
    None,
    /// A session: the `name=value` of its cookie.
    Cookie(String),
    /// An API key.
    Bearer(String),
}

/// The API as one caller sees it, below one path.
#[derive(Clone, Debug)]
pub struct Api {
    http: reqwest::Client,
    address: SocketAddr,
    prefix: String,
    credential: Credential,
}

impl Api {
    /// The whole API.
    #[must_use]
    pub fn new(address: SocketAddr, credential: Credential) -> Self {
        fanbase_api::tls::install();
        Self { http: reqwest::Client::new(), address, prefix: String::new(), credential }
    }

    /// The same caller, below `prefix`.
    #[must_use]
    pub fn below(&self, prefix: &str) -> Self {
        Self { prefix: format!("{}{prefix}", self.prefix), ..self.clone() }
    }

    /// The same place of another server.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// The same place, as another caller sees it.
    #[must_use]
    pub fn as_seen_by(&self, caller: &impl Caller) -> Self {
        self.with(caller.api().credential.clone())
    }

    /// The same place, with another credential.
    #[must_use]
    pub fn with(&self, credential: Credential) -> Self {
        Self { credential, ..self.clone() }
    }
}

/// A request that is being put together.
#[derive(Debug)]
#[must_use]
pub struct Request {
    what: String,
    builder: reqwest::RequestBuilder,
}

impl Request {
    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { builder: self.builder.header(name, value), ..self }
    }

    /// Sends JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self { builder: self.builder.json(body), ..self }
    }

    /// Sends anything.
    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.header("content-type", content_type).body(body), ..self }
    }

    /// Sends a form.
    pub fn form(self, form: reqwest::multipart::Form) -> Self {
        Self { builder: self.builder.multipart(form), ..self }
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(self) -> Response {
        let what = self.what.clone();
        self.try_send().await.unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Sends it to a server that may go away.
    ///
    /// # Errors
    /// When there is no answer, or only a part of one.
    pub async fn try_send(self) -> reqwest::Result<Response> {
        let answer = self.builder.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Response { what: self.what, status, headers, body: answer.bytes().await?.to_vec() })
    }
}

/// Whoever can send requests.
#[expect(async_fn_in_trait, reason = "only these tests implement it")]
pub trait Caller {
    /// The API as this caller sees it.
    fn api(&self) -> &Api;

    /// A request to be completed and sent.
    fn request(&self, method: Method, path: &str) -> Request {
        let api = self.api();
        let path = format!("{}{path}", api.prefix);
        let builder = api.http.request(method.clone(), format!("http://{}{path}", api.address));
        let builder = match &api.credential {
            Credential::None => builder,
            Credential::Cookie(cookie) => builder.header("cookie", cookie),
            Credential::Bearer(secret) => builder.bearer_auth(secret),
        };
        Request { what: format!("{method} {path}"), builder }
    }

    /// `GET`
    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await
    }

    /// `POST` with a JSON body
    async fn post(&self, path: &str, body: &impl Serialize) -> Response {
        self.request(Method::POST, path).json(body).send().await
    }

    /// `PATCH` with a JSON body, of whatever version is there
    async fn patch(&self, path: &str, body: &impl Serialize) -> Response {
        self.request(Method::PATCH, path).header("if-match", "*").json(body).send().await
    }

    /// `DELETE`
    async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await
    }
}

impl Caller for Api {
    fn api(&self) -> &Api {
        self
    }
}
