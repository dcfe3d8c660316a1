//! TLS of outgoing requests: rustls with ring.

/// Installs the cryptography provider of the process; needed before the first HTTP client is built.
pub fn install() {
    // Fails only if a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
