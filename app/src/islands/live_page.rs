//! Keeps a page that several people work on at the state of things: asks now and then for a position, and when it moved, reads
//! the page's own address again and swaps the parts that changed. Without a script the page is read anew by its reader.

use leptos::prelude::*;

/// `address`: where the position is asked for; it tells nothing else. `changed`: said when something was swapped. `waits`: said
/// when what changed stands under something typed, which stays.
#[component]
pub fn LivePage(address: String, position: String, changed: String, waits: String) -> impl IntoView {
    view! {
        <p class="wp-meta wp-live" role="status" data-island="live-page" data-load="now" data-address=address data-position=position data-changed=changed data-waits=waits></p>
    }
}
