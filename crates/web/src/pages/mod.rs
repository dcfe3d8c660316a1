//! The pages: each loads its data and composes components.

pub(crate) mod admin;
mod audit_log;
#[cfg(debug_assertions)]
mod design;
mod fan;
mod fans;
pub(crate) mod frame;
mod gate;
mod home;
mod imports;
mod login;
mod not_found;
mod older;
mod overview;
pub(crate) mod parts;
mod settings;
mod store;
mod welcome;

#[cfg(debug_assertions)]
pub(crate) use design::DesignPage;
pub(crate) use home::HomePage;
pub(crate) use login::LoginPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use store::StoreGate;
pub(crate) use welcome::{InvitationPage, SetUpPage};
