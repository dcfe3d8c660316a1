//! The tags of the store, with how many fans have each.

use std::sync::Arc;

use fanbase_domain::wire::tags::TagResponse;
use leptos::prelude::*;

use super::{action, merge::MergeDialog, table};
use crate::{
    api,
    components::{Deed, Question, SkeletonLines, asked, loaded},
    i18n::{format, t},
    routes::{self, Section},
    state::{
        fans_query::{FansQuery, Filter},
        store::CurrentStore,
    },
};

#[component]
pub(super) fn TagsSection() -> impl IntoView {
    let (s, store): (_, CurrentStore) = (&t().settings, expect_context());
    let question = RwSignal::new(None);
    let merged = RwSignal::new(None::<TagResponse>);
    let list = move |list: Arc<Vec<TagResponse>>| {
        if list.is_empty() {
            return view! { <p class="content__note">{s.no_tags}</p> }.into_any();
        }
        let rows = list.iter().map(|tag| {
            let (one, two, three) = (tag.clone(), tag.clone(), tag.clone());
            let rename = Callback::new(move |()| question.set(Some(rename(&one, store))));
            let delete = Callback::new(move |()| question.set(Some(delete(&two, store))));
            let merge = Callback::new(move |()| merged.set(Some(three.clone())));
            let filter = Filter { tags: vec![tag.name.clone()], ..Filter::default() };
            let href = routes::fans(&store.slug(), &FansQuery::default().with_filter(filter));
            view! {
                <tr>
                    <th scope="row" class="table__wrap">{tag.name.clone()}</th>
                    <td><a class="link" href=href>{format::count(tag.customers)}</a></td>
                    <td class="table__actions">
                        {action(s.rename, &tag.name, rename)}
                        {action(s.merge, &tag.name, merge)}
                        {action(t().components.delete, &tag.name, delete)}
                    </td>
                </tr>
            }
        });
        table((s.section)(Section::Tags), &[s.tag, s.customers], rows.collect_view()).into_any()
    };
    let close = Callback::new(move |()| merged.set(None));
    let merge = move || {
        let others = store.tags.value().unwrap_or_default();
        merged.get().map(|tag| view! { <MergeDialog tag others store close /> })
    };
    let waiting = || view! { <SkeletonLines lines=6 /> };
    view! {
        <section class="block">{loaded(store.tags, s.failed, waiting, list)}</section>
        {asked(question)}
        {merge}
    }
}

fn rename(tag: &TagResponse, store: CurrentStore) -> Question {
    let (s, id) = (&t().settings, tag.id);
    let deed: Deed = Arc::new(move |name| {
        Box::pin(async move {
            api::tags::rename_tag(store.id(), id, name).await?;
            store.tags.again();
            Ok(())
        })
    });
    Question {
        title: (s.rename_title)(&tag.name),
        detail: String::new(),
        name: Some((s.name, tag.name.clone())),
        confirm: t().components.save,
        destructive: false,
        done: s.saved.to_owned(),
        deed,
    }
}

fn delete(tag: &TagResponse, store: CurrentStore) -> Question {
    let (s, id) = (&t().settings, tag.id);
    let deed: Deed = Arc::new(move |_| {
        Box::pin(async move {
            api::tags::delete_tag(store.id(), id).await?;
            store.tags.again();
            Ok(())
        })
    });
    Question {
        title: (s.delete_title)(&tag.name),
        detail: (s.delete_detail)(tag.customers),
        name: None,
        confirm: t().components.delete,
        destructive: true,
        done: (s.deleted)(&tag.name),
        deed,
    }
}
