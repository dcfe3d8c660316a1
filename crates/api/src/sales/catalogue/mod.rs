//! The catalogue: courses, products and plans. They differ in their table and in that plans have
//! periods.

pub mod handlers;
pub mod queries;
pub mod service;

use fanbase_domain::wire::{audit::AuditAction, catalogue::ItemKind};
use uuid::Uuid;

/// The catalogue entry of a fact, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The entry.
    pub which: Option<(ItemKind, Uuid)>,
    /// Its title.
    pub title: Option<String>,
}

/// The table of a kind.
fn table(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Course => "courses",
        ItemKind::Product => "products",
        ItemKind::Plan => "plans",
    }
}

fn created(kind: ItemKind) -> AuditAction {
    match kind {
        ItemKind::Course => AuditAction::CourseCreated,
        ItemKind::Product => AuditAction::ProductCreated,
        ItemKind::Plan => AuditAction::PlanCreated,
    }
}

fn updated(kind: ItemKind) -> AuditAction {
    match kind {
        ItemKind::Course => AuditAction::CourseUpdated,
        ItemKind::Product => AuditAction::ProductUpdated,
        ItemKind::Plan => AuditAction::PlanUpdated,
    }
}
