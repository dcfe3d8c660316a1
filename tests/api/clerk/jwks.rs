//! Stands in for Clerk: publishes keys, and signs session tokens. The keys in `keys/` were made
//! for these tests.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::now;

/// A key pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) id: &'static str,
    pub(super) private: &'static str,
    pub(super) public: &'static str,
}

pub(super) const ONE: Pair = Pair {
    id: "ins_one",
    private: include_str!("keys/one.pem"),
    public: include_str!("keys/one.public.pem"),
};
pub(super) const TWO: Pair = Pair {
    id: "ins_two",
    private: include_str!("keys/two.pem"),
    public: include_str!("keys/two.public.pem"),
};

impl Pair {
    fn encoding(self) -> EncodingKey {
        EncodingKey::from_rsa_pem(self.private.as_bytes()).unwrap()
    }

    /// A token that says this, signed.
    pub(super) fn sign(self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::RS256) };
        encode(&header, claims, &self.encoding()).unwrap()
    }
}

/// What a token of Clerk says.
pub(super) fn claims(issuer: &str, subject: &str) -> Value {
    json!({
        "azp": "https://app.example.com", "exp": now() + 60, "iat": now(), "iss": issuer,
        "nbf": now() - 10, "sid": "sess_1", "sub": subject, "v": 2,
    })
}

#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    is_down: bool,
    asked: usize,
}

/// A server that publishes keys.
#[derive(Clone)]
pub(super) struct Jwks {
    address: SocketAddr,
    published: Arc<Mutex<Published>>,
}

impl Jwks {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self { address: listener.local_addr().unwrap(), published: Arc::default() };
        let published = Arc::clone(&this.published);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read_exact(&mut byte).await.is_err() {
                        break;
                    }
                    request.extend(byte);
                }
                let (status, body) = {
                    let mut published = published.lock().unwrap();
                    published.asked += 1;
                    let status = if published.is_down { "500 Internal Server Error" } else { "200 OK" };
                    (status, json!({ "keys": published.keys }).to_string())
                };
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                // Who does not wait for the answer does without.
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
        this
    }

    pub(super) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Publishes these keys, beside some that are of no use here.
    pub(super) fn publish(&self, pairs: &[Pair]) {
        let mut keys = vec![json!({"kty": "EC", "kid": "ec"}), json!({"kty": "new", "kid": "x"}), json!(7)];
        for pair in pairs {
            let mut key = Jwk::from_encoding_key(&pair.encoding(), Algorithm::RS256).unwrap();
            key.common.key_id = Some(pair.id.to_owned());
            keys.push(serde_json::to_value(key).unwrap());
        }
        self.published.lock().unwrap().keys = keys;
    }

    pub(super) fn go_down(&self) {
        self.published.lock().unwrap().is_down = true;
    }

    pub(super) fn come_up(&self) {
        self.published.lock().unwrap().is_down = false;
    }

    pub(super) fn asked(&self) -> usize {
        self.published.lock().unwrap().asked
    }
}
