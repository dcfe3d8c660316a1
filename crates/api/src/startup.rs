//! Builds the application: the same for the binary and for tests.

use crate::{cli::Failure, config::Config};

/// A server that listens, but does not serve yet.
pub struct Application;

impl Application {
    /// x
    pub async fn build(_config: Config) -> Result<Self, Failure> {
        Ok(Self)
    }

    /// x
    pub async fn run(self) -> Result<(), Failure> {
        Ok(())
    }
}
