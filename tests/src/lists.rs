//! Walking through lists of fans, page by page.

use fanbase_domain::wire::fans::{FanPage, FanResponse};

use crate::{api::Caller as _, callers::Store};

impl Store {
    /// A page of fans.
    pub async fn fans_page(&self, query: &str) -> FanPage {
        self.get(&format!("/fans?{query}")).await.expect(200).json()
    }

    /// All fans of a query, walked forward.
    pub async fn fans(&self, query: &str) -> Vec<FanResponse> {
        self.walk(query, 200).await.0
    }

    /// All fans of a query, walked forward, and the last page's query.
    ///
    /// # Panics
    /// When a page is larger than asked for, or empty without being the only one.
    pub async fn walk(&self, query: &str, limit: usize) -> (Vec<FanResponse>, FanPage) {
        let mut page = self.fans_page(&format!("{query}&limit={limit}")).await;
        assert_eq!(page.prev_cursor, None, "nothing is before the first page");
        let mut all = page.items.clone();
        while let Some(cursor) = &page.next_cursor {
            assert_eq!(page.items.len(), limit, "a page that is not the last is full");
            page = self.fans_page(&format!("{query}&limit={limit}&cursor={cursor}")).await;
            assert!(!page.items.is_empty(), "a cursor leads to something");
            all.extend(page.items.clone());
        }
        (all, page)
    }

    /// All fans of a query, walked back from the last page.
    pub async fn walk_back(&self, query: &str, limit: usize, last: FanPage) -> Vec<FanResponse> {
        let mut all = last.items.clone();
        let mut page = last;
        while let Some(cursor) = &page.prev_cursor {
            page = self.fans_page(&format!("{query}&limit={limit}&cursor={cursor}")).await;
            assert!(!page.items.is_empty(), "a cursor leads to something");
            all.splice(0..0, page.items.clone());
        }
        all
    }
}
