//! TLS of the requests that the server makes: rustls with ring.

/// Names the cryptography of this process; needed before the first HTTP client is built.
pub fn install() {
    // An error says that somebody has named one before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
