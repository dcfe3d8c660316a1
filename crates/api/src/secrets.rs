//! Secrets in the settings. Their `Debug` output is redacted.

use jsonwebtoken::DecodingKey;
use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

/// A webhook signing secret: `whsec_` and base64.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SvixSecret(pub(crate) Vec<u8>);

impl fmt::Debug for SvixSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl FromStr for SvixSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)) {
            Ok(key) if !key.is_empty() => Ok(Self(key)),
            _ => Err("expected a signing secret: whsec_ and base64".to_owned()),
        }
    }
}

impl TryFrom<String> for SvixSecret {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A webhook signing secret. The key is the whole text, including `whsec_`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StripeSecret(pub(crate) String);

impl fmt::Debug for StripeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl FromStr for StripeSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.strip_prefix("whsec_") {
            Some(rest) if !rest.is_empty() => Ok(Self(text.to_owned())),
            // Other texts may be an API key of the account, which the server must not hold.
            _ => Err("expected a signing secret, which starts with whsec_".to_owned()),
        }
    }
}

impl TryFrom<String> for StripeSecret {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// An API key of a Stripe account, preferably a restricted key that can read checkout sessions and
/// customers.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StripeKey(pub(crate) String);

impl fmt::Debug for StripeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl FromStr for StripeKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.split_once('_') {
            Some(("rk" | "sk", rest)) if !rest.is_empty() => Ok(Self(text.to_owned())),
            _ => Err("expected a key of Stripe's API, which starts with rk_ or sk_".to_owned()),
        }
    }
}

impl TryFrom<String> for StripeKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Parses the key that Clerk shows as "JWT public key".
///
/// # Errors
/// A message for users, if `pem` is not an RSA public key in PEM.
pub fn public_key(pem: &str) -> Result<DecodingKey, String> {
    // Environment variables often have line breaks as `\n`.
    DecodingKey::from_rsa_pem(pem.replace("\\n", "\n").as_bytes())
        .map_err(|_| "The setting clerk_jwt_key is no RSA public key in PEM.".to_owned())
}
