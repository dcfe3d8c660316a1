//! The one list of routes. The address of each stands on its handler.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    activities, api_keys, auth, custom_fields, customers, fans, imports, notes, overview, stores, system,
    tags, views,
};

/// All routes of the API.
pub fn all(config: &mut ServiceConfig) {
    config
        .service(system::get_health)
        .service(system::get_readiness)
        .service(system::get_metrics)
        .service(auth::handlers::login)
        .service(auth::handlers::logout)
        .service(auth::handlers::get_me)
        .service(auth::handlers::patch_me)
        .service(auth::handlers::change_password)
        .service(stores::handlers::list_stores)
        .service(stores::handlers::create_store)
        .service(stores::handlers::get_store)
        .service(stores::handlers::patch_store)
        .service(fans::handlers::list_fans)
        .service(fans::handlers::count_fans)
        .service(fans::handlers::change_fans)
        .service(fans::handlers::export_fans)
        .service(fans::handlers::recount_fans)
        .service(fans::handlers::get_fan)
        .service(customers::handlers::list_customers)
        .service(customers::handlers::create_customer)
        .service(customers::handlers::get_customer)
        .service(customers::handlers::patch_customer)
        .service(customers::handlers::delete_customer)
        .service(activities::handlers::list_activity)
        .service(notes::handlers::list_notes)
        .service(notes::handlers::create_note)
        .service(notes::handlers::delete_note)
        .service(tags::handlers::list_tags)
        .service(tags::handlers::create_tag)
        .service(tags::handlers::patch_tag)
        .service(tags::handlers::delete_tag)
        .service(tags::handlers::merge_tag)
        .service(views::handlers::list_views)
        .service(views::handlers::create_view)
        .service(views::handlers::patch_view)
        .service(views::handlers::delete_view)
        .service(custom_fields::handlers::list_custom_fields)
        .service(custom_fields::handlers::create_custom_field)
        .service(custom_fields::handlers::patch_custom_field)
        .service(api_keys::handlers::list_api_keys)
        .service(api_keys::handlers::create_api_key)
        .service(api_keys::handlers::revoke_api_key)
        .service(imports::handlers::list_imports)
        .service(imports::handlers::create_import)
        .service(imports::handlers::get_import)
        .service(imports::handlers::follow_import)
        .service(imports::handlers::list_import_problems)
        .service(imports::handlers::preview_import)
        .service(imports::handlers::import_again)
        .service(imports::handlers::undo_import)
        .service(overview::handlers::get_overview);
}
