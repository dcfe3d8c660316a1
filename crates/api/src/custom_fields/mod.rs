//! Labels of profile attributes and custom fields.
