//! Notes on customers.
