//! Administrators keep providers, and link identities to people by hand.
use base::Moment;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use store::{Loaded, Read, Write, append};
use uuid::Uuid;

use super::{belonging, officers::link_officer};
use crate::{
    Cx, DirectoryEvent as Event, Error, PersonId, Realm, acts,
    identity::provider::{LONGEST_ID, Provider},
    service::{account, people, sessions, units},
    sql::{
        credentials::{self, Tried},
        identity as sql,
    },
};

/// Refusals that are shown of a provider.
const REFUSALS: i64 = 20;
/// How far back they lie.
const REFUSAL_DAYS: i64 = 30;

/// Providers as the administrator sees them: those saved, and those only proposed.
pub async fn all(tx: &Read<'_>) -> Result<Vec<Provider>, Error> {
    let mut all = sql::providers(tx).await?;
    let proposed = Provider::proposed().into_iter().filter(|p| all.iter().all(|known| known.key != p.key));
    all.extend(proposed.collect::<Vec<_>>());
    all.sort_by(|a, b| (a.place, &a.key).cmp(&(b.place, &b.key)));
    Ok(all)
}

/// One of them.
pub async fn provider(tx: &Read<'_>, key: &str) -> Result<Option<Provider>, Error> {
    let saved = sql::provider(tx, key).await?;
    Ok(saved.or_else(|| Provider::proposed().into_iter().find(|p| p.key == key)))
}

/// The last answers of a provider that let nobody in, the latest first.
pub async fn refusals(tx: &Read<'_>, key: &str, now: Moment) -> Result<Vec<Tried>, Error> {
    let since = now.plus(SignedDuration::from_hours(-24 * REFUSAL_DAYS));
    Ok(credentials::refused(tx, key, since, REFUSALS).await?)
}

/// Keeps a provider as an administrator of the whole house sets it up.
pub async fn keep_provider(tx: &Write<'_>, cx: &Cx, provider: &Provider) -> Result<(), Error> {
    must_keep(tx, cx).await?;
    let sound = provider.sound()?;
    let version = sql::provider(tx, &sound.key).await?.map_or(0, |known| known.version);
    let event = Event::ProviderSet { provider: sound.key.clone(), active: sound.active };
    let version = append(tx, &cx.by, Loaded::at::<Event>(stream(&sound.key), version), &[event]).await?;
    Ok(sql::save_provider(tx, &sound, version).await?)
}

/// Whether this administrator may set providers up.
pub async fn must_keep(tx: &Read<'_>, cx: &Cx) -> Result<(), Error> {
    let root = crate::sql::units::root(tx).await?.ok_or(Error::Missing("unit"))?;
    units::unit::<acts::KeepProviders>(tx, cx, root.id).await.map(drop)
}

fn stream(key: &str) -> Uuid {
    let hash = Sha256::new().chain_update("motcua/identity provider/").chain_update(key).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid()
}

/// An administrator links a provider's identity to a person, by the code that the person read from the page which turned them away.
pub async fn link_by_hand(tx: &Write<'_>, cx: &Cx, person: PersonId, key: &str, sub: &str) -> Result<(), Error> {
    people::person::<acts::LinkIdentity>(tx, cx, person).await?;
    let provider = sql::provider(tx, key).await?.filter(|p| p.realm == Realm::Officer);
    let provider = provider.ok_or_else(|| Error::fault("provider", "Chọn một nhà cung cấp danh tính của cán bộ."))?;
    let sub = base::text::line(sub);
    if sub.is_empty() || sub.len() > LONGEST_ID {
        return Err(Error::fault("sub", "Ghi mã danh tính mà người đó đọc từ màn hình."));
    }
    let known = credentials::officer_by_id(tx, person.0, cx.by.now).await?.ok_or(Error::Missing("person"))?;
    match sql::linked(tx, &provider.issuer, &sub, Realm::Officer, "").await? {
        Some(linked) if linked.subject == person.0 => Ok(()),
        Some(_) => Err(Error::fault("sub", "Mã danh tính này đang gắn với người khác. Gỡ ở người đó trước.")),
        None => link_officer(tx, &cx.by, &known, &belonging(&cx.by, &provider, &sub, known.subject, "hand")).await,
    }
}

/// An administrator takes an identity away: sessions that came by it end, and it opens nothing from now on.
pub async fn unlink(tx: &Write<'_>, cx: &Cx, person: PersonId, issuer: &str, sub: &str) -> Result<(), Error> {
    people::person::<acts::LinkIdentity>(tx, cx, person).await?;
    let linked = sql::linked(tx, issuer, sub, Realm::Officer, "").await?.filter(|l| l.subject == person.0);
    let linked = linked.ok_or(Error::Missing("identity"))?;
    sql::unlink(tx, Realm::Officer, person.0, issuer, sub).await?;
    for there in sql::sessions_of(tx, person.0).await? {
        if there.issuer == issuer {
            sessions::end(tx, there.session).await?;
        }
    }
    credentials::unprove(tx, person.0, None, cx.by.now).await?;
    let known = credentials::officer_by_id(tx, person.0, cx.by.now).await?.ok_or(Error::Missing("person"))?;
    account::append(tx, &cx.by, &known, Event::IdentityUnlinked { provider: linked.provider }).await
}
