//! The master key changed for another: everything that it wraps is wrapped anew, in one transaction.

use domain::policy::Subject;
use store::Store;

use crate::sealing::Keyring;
use crate::{Chance, Error, Result};

/// What a rotation found to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    pub rounds: usize,
    pub opened: usize,
    /// The database was with the new key already: an earlier run was cut off after it.
    pub before: bool,
}

/// Wraps round keys and the readable keys of what was opened under the new master key, writes its check value and begins its
/// signing key. All or nothing: a crash leaves the database with the one key or with the other, never between. No server may
/// run meanwhile, for it would go on with the old key.
pub async fn rotate_key(store: &Store, old: &Keyring, new: &Keyring, chance: &Chance) -> Result<Rotated> {
    let (old, new, chance) = (old.clone(), new.clone(), chance.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                let check = tx.meta("master_key_check").await?.unwrap_or_default();
                if check == new.check_value() {
                    tx.leave_no_entry();
                    return Ok(Rotated { before: true, ..Rotated::default() });
                }
                if check != old.check_value() {
                    return Err(Error::Broken("neither of the two keys is the one that this database was made with".into()));
                }
                let signing = new.signer().public();
                if tx.signing_keys().await?.iter().any(|known| known.id == signing.id) {
                    return Err(Error::Broken("the new key was this installation's before: take a fresh one".into()));
                }
                let mut done = Rotated::default();
                for row in tx.round_keys().await? {
                    let sealed = new.wrap_round_key(row.round, &old.round_key(row.round, &row.sealed_key)?, &chance)?;
                    tx.rewrap_round_key(row.round, &sealed).await?;
                    done.rounds += 1;
                }
                for row in tx.opened_keys().await? {
                    let key = old.unwrap_opened(row.submission, &row.kind, &row.opened_key)?;
                    let wrapped = new.wrap_opened(row.submission, &row.kind, &key, &chance)?;
                    tx.rewrap_opened_key(&row, &wrapped).await?;
                    done.opened += 1;
                }
                tx.set_meta("master_key_check", new.check_value()).await?;
                let now = tx.now().await?;
                tx.add_signing_key(&signing.id, &signing.bytes, now).await?;
                tx.record_service("rotate_key", Subject { kind: "installation", id: 0 }, Some(signing.digest())).await?;
                Ok(done)
            })
        })
        .await
}
