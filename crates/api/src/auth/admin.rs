//! The extractor of the platform's routes, which admits only its admins.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use fanbase_domain::ids::UserId;

use super::identity;
use crate::{
    app_state::AppState,
    db::sql::Sql,
    error::ApiError,
    http::authorize_first::{self, Extracting},
};

/// A signed-in user who may administer the platform.
#[derive(Clone, Copy, Debug)]
pub struct PlatformAdmin(pub UserId);

impl FromRequest for PlatformAdmin {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let credential = identity::credential(request);
        authorize_first::decide(request, async move {
            let state = state.ok_or_else(|| ApiError::Internal("the server has no state".to_owned()))?;
            let user = identity::person(&state, credential?).await?;
            let mut sql = Sql::new("SELECT 1 FROM users WHERE is_admin AND id = ");
            sql.bind(user.uuid());
            match sql.one(state.db.read()).await? {
                Some(_) => Ok(Self(user)),
                None => Err(ApiError::Forbidden("Only admins of the platform may do this.".into())),
            }
        })
    }
}
