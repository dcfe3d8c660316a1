//! Sessions of people: signing in and out, the account of the person who is signed in, its password.

pub mod clerk;
pub mod handlers;
pub mod password;
pub mod session;
