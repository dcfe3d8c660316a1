//! Asks before a customer is deleted, and says what is deleted with it.

use fanbase_domain::{ids::FanId, wire::customers::CustomerResponse};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{Dialog, DialogActions, ErrorNote},
    i18n::t,
    pages::fans::Fans,
    state::{task::Task, toasts::Toasts},
};

#[component]
pub(super) fn DeleteDialog(
    customer: CustomerResponse,
    who: String,
    close: Callback<()>,
    fans: Fans,
) -> impl IntoView {
    let (toasts, deleting): (Toasts, _) = (expect_context(), Task::new());
    let (store, id, name) = (fans.store.id(), customer.id, who.clone());
    let detail = match customer.user_id {
        Some(_) => t().fan.delete_detail_account,
        None => t().fan.delete_detail,
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.clone();
        deleting.run(async move {
            api::customers::delete_customer(store, id).await?;
            toasts.tell((t().fan.deleted)(&name));
            close.try_run(());
            fans.deleted(FanId::new(id.uuid()));
            Ok(())
        });
    };
    view! {
        <Dialog title=(t().fan.delete_title)(&who) on_close=close>
            <form class="dialog__form" on:submit=submit>
                <p>{detail}</p>
                {move || deleting.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=close confirm=t().fan.delete destructive=true
                    busy=Signal::derive(move || deleting.is_running()) />
            </form>
        </Dialog>
    }
}
