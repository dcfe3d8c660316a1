//! Sessions: sign-in and sign-out, the signed-in person's account, and its password.

pub mod clerk;
pub mod handlers;
pub mod password;
pub mod session;
