//! The pages: each loads its data and composes components.

mod fans;
mod home;
mod login;
mod not_found;
mod store;

pub(crate) use home::HomePage;
pub(crate) use login::LoginPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use store::StoreGate;
