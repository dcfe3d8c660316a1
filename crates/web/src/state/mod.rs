//! What several pages share: who is signed in, the open store, what the URL says, what is being
//! loaded or done, and what is told in passing.

pub(crate) mod activity_group;
pub(crate) mod clock;
pub(crate) mod codes;
pub(crate) mod fans_query;
pub(crate) mod load;
pub(crate) mod memory;
pub(crate) mod palette;
pub(crate) mod query_string;
pub(crate) mod session;
pub(crate) mod store;
pub(crate) mod task;
pub(crate) mod theme;
pub(crate) mod toasts;
