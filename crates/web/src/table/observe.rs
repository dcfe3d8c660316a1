//! The height of an element, followed.

use leptos::wasm_bindgen::{JsCast, closure::Closure};
use leptos::{html, prelude::*};
use web_sys::ResizeObserver;

/// Keeps `height` at the inner height of the element.
pub(super) fn follow_height(element: NodeRef<html::Div>, height: RwSignal<f64>) {
    element.on_load(move |element| {
        height.set(f64::from(element.client_height()));
        let observed = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            let now = f64::from(observed.client_height());
            if height.try_get_untracked().is_some_and(|height| height != now) {
                height.set(now);
            }
        });
        // Every browser that runs WebAssembly of today has it.
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, changed));
        on_cleanup(move || {
            _ = kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
}
