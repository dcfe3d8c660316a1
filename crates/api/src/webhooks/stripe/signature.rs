//! Verifies Stripe signatures (<https://docs.stripe.com/webhooks#verify-manually>).

use crate::{secrets::StripeSecret, webhooks::signature::Distrust};

use actix_web::http::header::HeaderMap;
use fanbase_domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Allowed clock skew between sender and receiver, in seconds.
const TOLERANCE: i64 = 300;
const HEADER: &str = "stripe-signature";

/// Verifies the signature with any of the secrets, and the age of its timestamp.
///
/// # Errors
/// [`Distrust`] with the reason why the event is not trusted.
pub fn verify(
    secrets: &[StripeSecret],
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Distrust> {
    let header = headers.get(HEADER).and_then(|value| value.to_str().ok());
    let (mut timestamp, mut signatures) = (None, Vec::new());
    for part in header.ok_or(Distrust::Header(HEADER))?.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => timestamp = Some(value),
            // Other schemes are obsolete, or for tests.
            Some(("v1", value)) => signatures.extend(hex::decode(value)),
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(Distrust::Header(HEADER))?;
    let seconds: i64 = timestamp.parse().map_err(|_| Distrust::Header(HEADER))?;
    let age = (now.millis() / 1000).saturating_sub(seconds);
    if age > TOLERANCE {
        return Err(Distrust::TooOld);
    }
    if age < -TOLERANCE {
        return Err(Distrust::TooNew);
    }
    let matches = |secret: &StripeSecret| {
        // HMAC accepts keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()) else { return false };
        mac.update(format!("{timestamp}.").as_bytes());
        mac.update(body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if secrets.iter().any(matches) { Ok(()) } else { Err(Distrust::Signature) }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1","object":"event"}"#;
    /// Made with `printf '%s' '1790000000.{"id":"evt_1","object":"event"}' | openssl dgst -sha256
    /// -hmac whsec_test_secret`.
    const SIGNED: &str = "765d0d35514a56905b8ddef451bc5570cc45dfa0395a213879a36689a6be55a3";
    /// The same with the secret `whsec_other`.
    const SIGNED_BY_OTHER: &str = "673caea410fd8ad3140bf33257e318843246f7ada3a7677100cf994e9b103ae1";
    const T: i64 = 1_790_000_000;

    fn check(secrets: &[&str], header: &str, body: &[u8], now: i64) -> Result<(), Distrust> {
        let secrets: Vec<StripeSecret> = secrets.iter().map(|secret| secret.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(HEADER), HeaderValue::from_str(header).unwrap());
        verify(&secrets, &headers, body, Timestamp::from_millis(now * 1_000))
    }

    #[test]
    fn what_a_secret_signed_just_now_is_trusted() {
        let (one, both) = (["whsec_test_secret"], ["whsec_other", "whsec_test_secret"]);
        let signed = format!("t={T},v1={SIGNED}");
        assert_eq!(check(&one, &signed, BODY, T), Ok(()));
        assert_eq!(check(&both, &signed, BODY, T), Ok(()));
        assert_eq!(check(&one, &format!("t={T},v1={SIGNED_BY_OTHER},v1={SIGNED},v0=00"), BODY, T), Ok(()));
        assert_eq!(check(&one, &format!("v1={SIGNED}, t={T}"), BODY, T), Ok(()));
        for shift in [-300, 300] {
            assert_eq!(check(&one, &signed, BODY, T + shift), Ok(()));
        }
    }

    #[test]
    fn everything_else_is_not() {
        let one = ["whsec_test_secret"];
        let signed = format!("t={T},v1={SIGNED}");
        for (header, body, now, expected) in [
            (signed.clone(), &b"{}"[..], T, Distrust::Signature),
            (signed.clone(), BODY, T + 301, Distrust::TooOld),
            (signed.clone(), BODY, T - 301, Distrust::TooNew),
            (format!("t={},v1={SIGNED}", T + 1), BODY, T, Distrust::Signature),
            (format!("t={T},v1={SIGNED_BY_OTHER}"), BODY, T, Distrust::Signature),
            (format!("t={T},v0={SIGNED}"), BODY, T, Distrust::Signature),
            (format!("t={T},v1=not hex"), BODY, T, Distrust::Signature),
            (format!("t={T},v1={}", &SIGNED[..62]), BODY, T, Distrust::Signature),
            (format!("t={T}"), BODY, T, Distrust::Signature),
            (format!("v1={SIGNED}"), BODY, T, Distrust::Header(HEADER)),
            (format!("t=today,v1={SIGNED}"), BODY, T, Distrust::Header(HEADER)),
            (format!("t={},v1={SIGNED}", i64::MIN), BODY, T, Distrust::TooOld),
            (String::new(), BODY, T, Distrust::Header(HEADER)),
        ] {
            assert_eq!(check(&one, &header, body, now), Err(expected), "{header}");
        }
        let none = verify(&["whsec_x".parse().unwrap()], &HeaderMap::new(), BODY, Timestamp::from_millis(0));
        assert_eq!(none, Err(Distrust::Header(HEADER)));
    }

    #[test]
    fn only_a_signing_secret_is_taken_for_one_and_never_shown() {
        for wrong in ["", "whsec_", "sk_live_123", "test"] {
            assert!(wrong.parse::<StripeSecret>().is_err(), "{wrong}");
        }
        assert_eq!(format!("{:?}", "whsec_abc".parse::<StripeSecret>().unwrap()), "Secret");
    }
}
