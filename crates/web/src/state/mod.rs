//! What several pages share: who is signed in, the open store, and what the URL says.

pub(crate) mod fans_query;
pub(crate) mod query_string;
pub(crate) mod session;
pub(crate) mod store;
