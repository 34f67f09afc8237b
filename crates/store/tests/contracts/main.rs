//! What the crates above may rely on, on both databases: on SQLite always, on PostgreSQL where WELLPOSED_TEST_POSTGRES
//! holds the address of a throwaway cluster.

/// One verb in the store's writer. Written out, each would be a boxed future in a closure.
macro_rules! verb {
    ($store:expr, $tx:ident => $body:block) => {
        $store.write(move |$tx| Box::pin(async move { $body }))
    };
}

mod account;
mod follow;
mod nodes;
mod notice;
mod office;
mod outbox;
mod panel;
mod raw;
mod record;
mod schema;
mod sounding;
mod stale;
mod writer;
