//! Signing in through a provider of identities: [`begin`] asks, [`answer`] believes or refuses, [`citizen_arrives`] and [`officer_arrives`]
//! find the account, [`keep_session`] remembers what the session is at the provider, so that [`ordered_out`] and [`seen_out`] can end it.
//!
//! Accounts are found by (issuer, subject). A second identity is joined with an account that exists only by a number which a provider answers
//! for; never by an e-mail, a telephone or a number somebody typed.
use base::Moment;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use store::{By, Db, Loaded, Read, Write, append};
use uuid::Uuid;
use web::{
    Key, Realm, Session, Subject,
    session::{self, Opened},
};

use super::sign_in::Place;
use crate::{
    CitizenAccountId, Cx, DirectoryEvent as Event, Error, PersonId, acts,
    identity::{
        Refused,
        client::{Providers, guarded},
        provider::{ClientAuth, Identity, Provider},
        token,
    },
    secret::seal,
    service::{people, units},
    sql::{
        credentials::{self, AccountKind, CitizenAccount, Known, Tried},
        identity::{self as sql, Flow, Linked, There},
    },
};

/// How long a question waits for its answer.
const ASKED_MINUTES: i64 = 10;
/// How old a proof at the provider may be when a session is proved again, in seconds.
const PROVED_SECONDS: i64 = 300;

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The answer is not believed, or leads to nobody.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something else.
    #[error(transparent)]
    Error(#[from] Error),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Stop::Error(error.into())
    }
}

/// The addresses of this house that a provider must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Where answers are sent: the only one in the list of redirects.
    pub redirect: String,
    /// Where the provider's server orders somebody out.
    pub back_channel: String,
    /// What the provider's page shows while somebody signs out there.
    pub front_channel: String,
    /// Where people come back to after signing out there.
    pub signed_out: String,
}

impl Addresses {
    /// Of a provider, under the address people type.
    pub fn of(house: &str, provider: &Provider) -> Addresses {
        let at = format!("{house}{}/qua/{}", provider.realm.sign_in(), provider.key);
        Addresses {
            redirect: format!("{at}/tra-loi"),
            back_channel: format!("{house}/api/v1/identity-providers/{}/sign-out", provider.key),
            front_channel: format!("{at}/thoat"),
            signed_out: format!("{at}/da-thoat"),
        }
    }
}

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

/// What a question is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where to go afterwards.
    pub next: String,
    /// A session that is to be proved again; none: somebody signs in.
    pub session: Option<Key>,
}

/// Asks: keeps the question and says where to send the browser.
pub async fn begin(
    db: &Db,
    providers: &Providers,
    by: &By,
    house: &str,
    provider: &Provider,
    browser: Key,
    wanted: Wanted,
) -> Result<String, Stop> {
    if !provider.active {
        return Err(Refused::Off.into());
    }
    let metadata = providers.metadata(&provider.issuer, by.now).await?;
    let word = |label: &str| URL_SAFE_NO_PAD.encode(by.seed.bytes(label, 0));
    let (state, nonce, verifier) = (word("identity state"), word("identity nonce"), word("identity verifier"));
    let mut url = reqwest::Url::parse(&metadata.authorization_endpoint)
        .map_err(|e| Refused::Settings(format!("{:?}: {e}", metadata.authorization_endpoint)))?;
    {
        let mut asked = url.query_pairs_mut();
        asked
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &Addresses::of(house, provider).redirect)
            .append_pair("scope", &provider.profile.scopes)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)))
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", "vi");
        if !provider.profile.acr_values.is_empty() {
            asked.append_pair("acr_values", &provider.profile.acr_values);
        }
        if wanted.session.is_some() {
            asked.append_pair("prompt", "login").append_pair("max_age", "0");
        }
    }
    let flow = Flow { provider: provider.key.clone(), nonce, verifier, next: wanted.next, session: wanted.session };
    let (key, now) = (hashed(&state), by.now);
    let until = later(now, ASKED_MINUTES * 60);
    db.write(async move |tx: &Write<'_>| Ok::<_, Error>(sql::ask(tx, &key, browser, &flow, until, now).await?)).await?;
    Ok(url.into())
}

/// What came back with the browser.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Said {
    /// What becomes tokens.
    #[serde(default)]
    pub code: Option<String>,
    /// Which question it answers.
    #[serde(default)]
    pub state: Option<String>,
    /// Who answers (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
    /// Why not.
    #[serde(default)]
    pub error: Option<String>,
}

/// An answer that is believed.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Who came.
    pub identity: Identity,
    /// As the provider's tokens call them.
    pub sub: String,
    /// The provider's own session.
    pub sid: Option<String>,
    /// To be shown to the provider at signing out.
    pub id_token: String,
}

/// Believes an answer, or refuses it; a refused one goes into the history of sign-ins with the reason.
#[expect(clippy::too_many_arguments, reason = "each is another thing that an answer is checked against")]
pub async fn answer(
    db: &Db,
    providers: &Providers,
    by: &By,
    house: &str,
    provider: &Provider,
    browser: Option<Key>,
    place: &Place,
    said: &Said,
) -> Result<(Flow, Arrived), Stop> {
    if !provider.active {
        return Err(Refused::Off.into());
    }
    let Some(state) = &said.state else { return Err(Refused::Stale.into()) };
    let (state, key, now) = (hashed(state), provider.key.clone(), by.now);
    // a browser that brings no cookie of ours asked nothing
    let browser = browser.unwrap_or(Key([0; 32]));
    // taken off the table before anything else is looked at: whatever follows, it is answered once
    let flow = db
        .write(async move |tx: &Write<'_>| match sql::answered(tx, &state, browser, &key, now).await? {
            Some(flow) => Ok::<_, Stop>(Ok(flow)),
            None if sql::asked_elsewhere(tx, &state, browser).await? => Ok(Err(Refused::OtherBrowser)),
            None => Ok(Err(Refused::Stale)),
        })
        .await??;
    match believed(providers, by.now, house, provider, &flow, said).await {
        Ok(arrived) => Ok((flow, arrived)),
        Err(why) => {
            turned_away(db, by, provider, place, &why).await?;
            Err(why.into())
        }
    }
}

/// Writes into the history of sign-ins that an answer let nobody in, and why.
pub async fn turned_away(db: &Db, by: &By, provider: &Provider, place: &Place, why: &Refused) -> Result<(), Error> {
    let level = if let Refused::Level { have, .. } = why { Some(have.clone()) } else { None };
    let line = Tried { detail: Some(why.code()), ..line(by, provider, None, "refused", place, level) };
    db.write(async move |tx: &Write<'_>| Ok::<_, Error>(credentials::record(tx, &line).await?)).await
}

async fn believed(
    providers: &Providers,
    now: Moment,
    house: &str,
    provider: &Provider,
    flow: &Flow,
    said: &Said,
) -> Result<Arrived, Refused> {
    let issuer = provider.issuer.as_str();
    let metadata = providers.metadata(issuer, now).await?;
    // another provider's answer to our question is a theft of the code (mix-up): looked at before anything is done with it
    match &said.iss {
        Some(iss) if iss != issuer => return Err(Refused::Untrusted("issuer of the answer")),
        None if metadata.authorization_response_iss_parameter_supported => {
            return Err(Refused::Untrusted("issuer of the answer"));
        }
        _ => {}
    }
    let code = match (&said.error, &said.code) {
        (None, Some(code)) => code,
        (Some(error), _) if error == "server_error" || error == "temporarily_unavailable" => {
            return Err(Refused::Away(format!("the provider answered {error}")));
        }
        _ => return Err(Refused::Declined),
    };
    let redirect = Addresses::of(house, provider).redirect;
    let tokens = providers.tokens(provider, code, &redirect, &flow.verifier, now).await?;
    let signed = providers.signed(issuer, &tokens.id_token, now).await?;
    let proved_within = flow.session.map(|_| PROVED_SECONDS);
    let asked = token::Question { issuer, client_id: &provider.client_id, nonce: &flow.nonce, proved_within, now };
    token::id_token(&signed.claims, &asked)?;
    let mut claims = signed.claims.clone();
    let text =
        |claims: &crate::identity::provider::Claims, name: &str| claims.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let sub = text(&claims, "sub").ok_or(Refused::Untrusted("subject"))?;
    let sid = text(&claims, "sid");
    if provider.profile.userinfo {
        let access = tokens.access_token.as_deref().ok_or(Refused::Untrusted("access token"))?;
        token::came_together(&signed, access)?;
        let more = providers.about_user(issuer, access, &sub, now).await?;
        // what is signed stands; the page adds to it
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
    }
    let identity = provider.identity(&claims, now)?;
    Ok(Arrived { identity, sub, sid, id_token: tokens.id_token })
}

/// Somebody who came in as a citizen, perhaps for an organisation.
#[derive(Clone, Debug)]
pub struct Came {
    /// The account of the session.
    pub subject: Subject,
    /// The person who acts, when that is an organisation's.
    pub person: Option<CitizenAccountId>,
}

/// Finds the account of whoever came, joins it by a verified number, or opens one.
pub async fn citizen_arrives(tx: &Write<'_>, by: &By, provider: &Provider, who: &Identity) -> Result<Came, Stop> {
    let person = person_arrives(tx, by, provider, who).await?;
    let Some(organisation) = &who.organisation else {
        return Ok(Came { subject: Subject { realm: Realm::Citizen, id: person.id.0 }, person: None });
    };
    let tax_code = organisation.tax_code.to_string();
    let mut account = match credentials::organisation(tx, &tax_code).await? {
        Some(known) => known,
        None => {
            open(
                tx,
                by,
                provider,
                CitizenAccount { kind: AccountKind::Organisation, ..blank(by, "organisation", &organisation.name) },
                |a| {
                    a.tax_code = Some(tax_code.clone());
                },
            )
            .await?
        }
    };
    if account.name != organisation.name {
        account.name.clone_from(&organisation.name);
        credentials::refresh_citizen(tx, &account).await?;
    }
    recognise(tx, by, provider, who, &tax_code, &mut account, "opened").await?;
    if sql::represent(tx, account.id, person.id, &provider.key, by.now).await? {
        let event =
            Event::OrganisationRepresented { organisation: account.id, person: person.id, provider: provider.key.clone() };
        note(tx, by, &mut account, event).await?;
    }
    Ok(Came { subject: Subject { realm: Realm::Citizen, id: account.id.0 }, person: Some(person.id) })
}

/// The person's own account: by the identity, by a verified number, or a new one. An organisation's representative is known by number alone.
async fn person_arrives(tx: &Write<'_>, by: &By, provider: &Provider, who: &Identity) -> Result<CitizenAccount, Stop> {
    let own = who.organisation.is_none();
    let linked = match own {
        true => sql::linked(tx, &provider.issuer, &who.subject, Realm::Citizen, "").await?,
        false => None,
    };
    let number = who.id_number.as_deref().filter(|_| who.verified);
    let by_number = match number {
        Some(number) => credentials::verified_account(tx, number).await?,
        None => None,
    };
    let (mut account, how) = match (&linked, by_number) {
        (Some(linked), by_number) => {
            let known =
                credentials::citizen_account(tx, CitizenAccountId(linked.subject)).await?.ok_or(Error::Missing("account"))?;
            if known.verified_at.is_some() && number.is_some() && known.citizen_id.as_deref() != number {
                // the provider gave this identity to another person: neither's papers may be shown to the other
                return Err(Refused::Untrusted("number of the identity changed").into());
            }
            let other = by_number.is_some_and(|other| other.id != known.id);
            return refreshed(tx, by, provider, who, known, number.filter(|_| !other)).await;
        }
        (None, Some(known)) => (refreshed(tx, by, provider, who, known, number).await?, "number"),
        (None, None) => {
            let name = who.name.clone().unwrap_or_else(|| who.subject.clone());
            let new = open(tx, by, provider, blank(by, "person", &name), |_| {}).await?;
            (refreshed(tx, by, provider, who, new, number).await?, "opened")
        }
    };
    if own {
        recognise(tx, by, provider, who, "", &mut account, how).await?;
    }
    Ok(account)
}

/// What the provider says is newer than what is kept. `number`: what it answers for.
async fn refreshed(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    who: &Identity,
    mut account: CitizenAccount,
    number: Option<&str>,
) -> Result<CitizenAccount, Stop> {
    let before = account.clone();
    let said = |new: &Option<String>, kept: &mut Option<String>| {
        if new.is_some() {
            kept.clone_from(new);
        }
    };
    account.name = who.name.clone().unwrap_or(account.name);
    said(&who.birth_date.map(|day| day.to_string()), &mut account.birth_date);
    if who.organisation.is_none() {
        // the addresses of an organisation's account are not its representative's own
        said(&who.phone, &mut account.phone);
        said(&who.email, &mut account.email);
    }
    match number {
        Some(number) => {
            account.citizen_id = Some(number.to_owned());
            (account.verified_at, account.verified_by) = (Some(by.now), Some(provider.key.clone()));
        }
        None if account.verified_at.is_none() => said(&who.id_number, &mut account.citizen_id),
        None => {}
    }
    if before.verified_at.is_none() && account.verified_at.is_some() {
        let event = Event::AccountVerified { account: account.id, provider: provider.key.clone() };
        append_to(tx, by, &mut account, event).await?;
    }
    credentials::refresh_citizen(tx, &account).await.map_err(|e| match e {
        // the same number came through another door a moment ago
        store::Error::Taken(_) => tx.stale(),
        other => other,
    })?;
    if who.organisation.is_none()
        && let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Citizen, "").await?
    {
        sql::used(tx, Realm::Citizen, &linked, who.level.as_deref(), by.now).await?;
    }
    Ok(account)
}

fn blank(by: &By, label: &str, name: &str) -> CitizenAccount {
    let id = CitizenAccountId(by.id(&format!("account of a {label}"), 0));
    CitizenAccount {
        id,
        // nobody signs in by this name: such an account has no password
        login: id.to_string(),
        name: base::text::line(name).chars().take(200).collect(),
        email: None,
        phone: None,
        citizen_id: None,
        kind: AccountKind::Person,
        tax_code: None,
        birth_date: None,
        verified_at: None,
        verified_by: None,
        version: 0,
    }
}

async fn open(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    mut account: CitizenAccount,
    fill: impl Fn(&mut CitizenAccount),
) -> Result<CitizenAccount, Stop> {
    fill(&mut account);
    let organisation = account.kind == AccountKind::Organisation;
    let event = Event::AccountOpened { account: account.id, provider: provider.key.clone(), organisation };
    account.version = append(tx, by, Loaded::new::<Event>(account.id.0), &[event]).await?;
    if !credentials::open_citizen(tx, &account, by.now).await? {
        // the same person at two doors at once: the unit runs again on what is now true
        return Err(tx.stale().into());
    }
    Ok(account)
}

async fn append_to(tx: &Write<'_>, by: &By, account: &mut CitizenAccount, event: Event) -> Result<(), Stop> {
    account.version = append(tx, by, Loaded::at::<Event>(account.id.0, account.version), &[event]).await?;
    Ok(())
}

async fn note(tx: &Write<'_>, by: &By, account: &mut CitizenAccount, event: Event) -> Result<(), Stop> {
    append_to(tx, by, account, event).await?;
    Ok(credentials::refresh_citizen(tx, account).await?)
}

/// Links the identity to the account, or notes that it was used.
async fn recognise(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    who: &Identity,
    acts_for: &str,
    account: &mut CitizenAccount,
    how: &'static str,
) -> Result<(), Stop> {
    if let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Citizen, acts_for).await? {
        return Ok(sql::used(tx, Realm::Citizen, &linked, who.level.as_deref(), by.now).await?);
    }
    let new = Linked {
        issuer: provider.issuer.clone(),
        sub: who.subject.clone(),
        acts_for: acts_for.to_owned(),
        subject: account.id.0,
        provider: provider.key.clone(),
        level: who.level.clone(),
        how: how.to_owned(),
        linked_at: by.now,
        last_at: Some(by.now),
    };
    if !sql::link(tx, Realm::Citizen, &new, account.id.0).await? {
        return Err(tx.stale().into());
    }
    note(tx, by, account, Event::IdentityLinked { provider: provider.key.clone(), how: how.to_owned() }).await
}

/// Finds the officer an identity belongs to: linked before, or by the provider's claim of the sign-in name. Nobody is ever made.
pub async fn officer_arrives(tx: &Write<'_>, by: &By, provider: &Provider, who: &Identity) -> Result<Known, Stop> {
    let unknown = || Refused::Unknown { subject: who.subject.clone() };
    if let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Officer, "").await? {
        sql::used(tx, Realm::Officer, &linked, who.level.as_deref(), by.now).await?;
        return Ok(credentials::officer_by_id(tx, linked.subject, by.now).await?.ok_or_else(unknown)?);
    }
    let login = who.login.as_deref().and_then(people::login).ok_or_else(unknown)?;
    let known = credentials::officer(tx, &login, by.now).await?.ok_or_else(unknown)?;
    // whoever has an identity there has it already: a second one needs an administrator
    let others = sql::identities_of(tx, known.subject).await?;
    if others.iter().any(|other| other.issuer == provider.issuer) {
        return Err(unknown().into());
    }
    link_officer(tx, by, provider, &who.subject, &known, "login", Some((who.level.clone(), by.now))).await?;
    Ok(known)
}

async fn link_officer(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    sub: &str,
    known: &Known,
    how: &'static str,
    used: Option<(Option<String>, Moment)>,
) -> Result<(), Stop> {
    let (level, last_at) = used.map_or((None, None), |(level, at)| (level, Some(at)));
    let new = Linked {
        issuer: provider.issuer.clone(),
        sub: sub.to_owned(),
        acts_for: String::new(),
        subject: known.subject,
        provider: provider.key.clone(),
        level,
        how: how.to_owned(),
        linked_at: by.now,
        last_at,
    };
    if !sql::link(tx, Realm::Officer, &new, by.who).await? {
        return Err(tx.stale().into());
    }
    // somebody who never had a password still enrols a second factor
    credentials::open_credential(tx, known.subject).await?;
    let event = Event::IdentityLinked { provider: provider.key.clone(), how: how.to_owned() };
    Ok(super::account::append(tx, by, known, event).await?)
}

/// What a session that is opened now is at the provider. `waiting`: the second factor is still to come, under the visitor's own key.
pub fn there(provider: &Provider, arrived: &Arrived, session: Key, subject: Uuid, person: Option<CitizenAccountId>) -> There {
    There {
        session,
        subject,
        person,
        provider: provider.key.clone(),
        issuer: provider.issuer.clone(),
        sub: arrived.sub.clone(),
        sid: arrived.sid.clone(),
        level: arrived.identity.level.clone(),
        second: provider.profile.second_factor_there,
        waiting: false,
        token: None,
    }
}

/// Remembers what the session just opened is at the provider.
pub async fn keep_session(tx: &Write<'_>, opened: &Opened, arrived: &Arrived, there: There, now: Moment) -> Result<(), Error> {
    let token = seal::seal(&opened.token.csrf(), &arrived.id_token);
    let there = There { session: opened.session.key, token, ..there };
    Ok(sql::keep_there(tx, &there, opened.session.ends_at, now).await?)
}

/// Remembers that the provider's word is there and the second factor is still to come.
pub async fn keep_waiting(tx: &Write<'_>, there: There, now: Moment) -> Result<(), Error> {
    let there = There { waiting: true, ..there };
    Ok(sql::keep_there(tx, &there, later(now, ASKED_MINUTES * 60), now).await?)
}

/// The second factor came.
pub async fn second_came(tx: &Write<'_>, opened: &Opened) -> Result<(), Error> {
    let Some(before) = opened.before else { return Ok(()) };
    let session = &opened.session;
    Ok(sql::waited(tx, before, session.key, session.subject.id, session.ends_at).await?)
}

/// One line of the history of sign-ins by a provider.
pub fn line(by: &By, provider: &Provider, subject: Option<Uuid>, outcome: &str, place: &Place, level: Option<String>) -> Tried {
    Tried {
        id: by.id("sign in by a provider", 0),
        realm: provider.realm.code().to_owned(),
        subject,
        at: by.now,
        outcome: outcome.to_owned(),
        network: place.network.clone(),
        device: place.device.map(|d| d.id),
        known_device: false,
        agent: place.agent.chars().take(200).collect(),
        provider: Some(provider.key.clone()),
        level,
        detail: None,
    }
}

/// Writes that somebody came in by a provider.
pub async fn came_in(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    subject: Uuid,
    outcome: &str,
    place: &Place,
    level: Option<String>,
) -> Result<(), Error> {
    let kept = match place.device {
        Some(device) => credentials::device_secret(tx, device.id, subject).await?.map(|kept| (kept, device.key)),
        None => None,
    };
    let known_device = kept.is_some_and(|(kept, key)| super::sign_in::same(&kept, &key));
    Ok(credentials::record(tx, &Tried { known_device, ..line(by, provider, Some(subject), outcome, place, level) }).await?)
}

/// Whose session ends here, and where the person may sign out at the provider too; none when there is nothing to do there.
pub async fn leave(tx: &Write<'_>, session: &Session) -> Result<Option<(Provider, There)>, Error> {
    let Some(there) = sql::there(tx, session.key).await? else { return Ok(None) };
    sql::forget_there(tx, session.key).await?;
    let provider = sql::provider(tx, &there.provider).await?;
    Ok(provider.filter(|p| p.profile.sign_out_there && p.issuer == there.issuer).map(|p| (p, there)))
}

/// Where the person signs out at the provider (RP-Initiated Logout); none when it has no such page or cannot be asked now.
pub async fn way_out(
    providers: &Providers,
    provider: &Provider,
    there: &There,
    word: &str,
    house: &str,
    now: Moment,
) -> Option<String> {
    let metadata = providers.metadata(&provider.issuer, now).await.ok()?;
    let mut url = reqwest::Url::parse(metadata.end_session_endpoint.as_ref()?).ok()?;
    {
        let mut asked = url.query_pairs_mut();
        asked
            .append_pair("client_id", &provider.client_id)
            .append_pair("post_logout_redirect_uri", &Addresses::of(house, provider).signed_out);
        if let Some(token) = there.token.as_ref().and_then(|sealed| seal::open(word, sealed)) {
            asked.append_pair("id_token_hint", &token);
        }
    }
    Some(url.into())
}

/// The provider's server orders somebody out (Back-Channel Logout); answers how many sessions ended.
pub async fn ordered_out(db: &Db, providers: &Providers, by: &By, provider: &Provider, order: &str) -> Result<usize, Stop> {
    if !provider.active {
        return Err(Refused::Off.into());
    }
    let signed = providers.signed(&provider.issuer, order, by.now).await?;
    let ended = token::logout_token(&signed.claims, &provider.issuer, &provider.client_id, by.now)?;
    let (by, provider) = (*by, provider.clone());
    db.write(async move |tx: &Write<'_>| {
        if !sql::order(tx, &provider.issuer, &ended.jti, ended.until, by.now).await? {
            return Err(Stop::Refused(Refused::Untrusted("order carried out before")));
        }
        let all = sql::ended_there(tx, &provider.issuer, ended.sub.as_deref(), ended.sid.as_deref()).await?;
        end(tx, &by, &provider, &all).await?;
        Ok(all.len())
    })
    .await
}

/// The provider's page shows ours while somebody signs out there (Front-Channel Logout): that session of theirs ends here too.
pub async fn seen_out(db: &Db, by: &By, provider: &Provider, iss: &str, sid: &str) -> Result<usize, Stop> {
    if !provider.active || provider.issuer != iss || sid.is_empty() {
        return Ok(0);
    }
    let (by, provider, sid) = (*by, provider.clone(), sid.to_owned());
    db.write(async move |tx: &Write<'_>| {
        let all = sql::ended_there(tx, &provider.issuer, None, Some(&sid)).await?;
        end(tx, &by, &provider, &all).await?;
        Ok(all.len())
    })
    .await
}

async fn end(tx: &Write<'_>, by: &By, provider: &Provider, all: &[There]) -> Result<(), Stop> {
    for (n, there) in all.iter().enumerate() {
        session::close(tx, there.session).await?;
        sql::forget_there(tx, there.session).await?;
        if provider.realm == Realm::Officer {
            credentials::unprove(tx, there.subject, None, by.now).await?;
        }
        let nowhere = Place { network: String::new(), device: None, agent: String::new() };
        let id = by.id("signed out by a provider", n as u64);
        let line = Tried { id, ..line(by, provider, Some(there.subject), "ended_by_provider", &nowhere, None) };
        credentials::record(tx, &line).await?;
    }
    Ok(())
}

/// Keeps a provider as an administrator of the whole house sets it up.
pub async fn keep_provider(tx: &Write<'_>, cx: &Cx, provider: &Provider) -> Result<(), Error> {
    must_keep(tx, cx).await?;
    let sound = sound(provider)?;
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

/// What is typed about a provider, put in order, or the first thing that is wrong with it.
fn sound(typed: &Provider) -> Result<Provider, Error> {
    let mut p = typed.clone();
    for text in [&mut p.key, &mut p.label, &mut p.issuer, &mut p.client_id, &mut p.profile.scopes] {
        *text = base::text::line(text);
    }
    if !Provider::sound_key(&p.key) {
        return Err(Error::fault("key", "Mã gồm 2–32 chữ thường không dấu, số, gạch ngang. Ví dụ: vneid"));
    }
    if p.label.is_empty() {
        return Err(Error::fault("label", "Ghi chữ trên nút đăng nhập."));
    }
    if !p.profile.scopes.split(' ').any(|scope| scope == "openid") {
        return Err(Error::fault("scopes", "Phạm vi (scope) phải có “openid”."));
    }
    if p.active {
        guarded(&p.issuer).map_err(|_| Error::fault("issuer", "Địa chỉ nơi phát hành (issuer) bắt đầu bằng https://."))?;
        if p.client_id.is_empty() {
            return Err(Error::fault("client_id", "Ghi mã mà nhà cung cấp đặt cho hệ thống này (client_id)."));
        }
    }
    for (field, level) in [("lowest", &p.profile.lowest), ("verified_from", &p.profile.verified_from)] {
        if !level.is_empty() && !p.profile.levels.contains(level) {
            return Err(Error::fault(field, "Mức này không nằm trong danh sách các mức ở trên."));
        }
    }
    Ok(p)
}

/// An administrator links a provider's identity to a person, by the code that the person read from the page which turned them away.
pub async fn link_by_hand(tx: &Write<'_>, cx: &Cx, person: PersonId, key: &str, sub: &str) -> Result<(), Stop> {
    people::person::<acts::LinkIdentity>(tx, cx, person).await?;
    let provider = sql::provider(tx, key).await?.filter(|p| p.realm == Realm::Officer);
    let provider = provider.ok_or_else(|| Error::fault("provider", "Chọn một nhà cung cấp danh tính của cán bộ."))?;
    let sub = base::text::line(sub);
    if sub.is_empty() || sub.len() > 255 {
        return Err(Error::fault("sub", "Ghi mã danh tính mà người đó đọc từ màn hình.").into());
    }
    let known = credentials::officer_by_id(tx, person.0, cx.by.now).await?.ok_or(Error::Missing("person"))?;
    match sql::linked(tx, &provider.issuer, &sub, Realm::Officer, "").await? {
        Some(linked) if linked.subject == person.0 => Ok(()),
        Some(_) => Err(Error::fault("sub", "Mã danh tính này đang gắn với người khác. Gỡ ở người đó trước.").into()),
        None => link_officer(tx, &cx.by, &provider, &sub, &known, "hand", None).await,
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
            session::close(tx, there.session).await?;
            sql::forget_there(tx, there.session).await?;
        }
    }
    credentials::unprove(tx, person.0, None, cx.by.now).await?;
    let known = credentials::officer_by_id(tx, person.0, cx.by.now).await?.ok_or(Error::Missing("person"))?;
    super::account::append(tx, &cx.by, &known, Event::IdentityUnlinked { provider: linked.provider }).await
}

/// What the form of a provider offers for proving the program itself.
pub fn client_auth(word: &str) -> ClientAuth {
    ClientAuth::ALL.into_iter().find(|way| way.code() == word).unwrap_or_default()
}

fn hashed(state: &str) -> [u8; 32] {
    Sha256::digest(state).into()
}

fn later(at: Moment, seconds: i64) -> Moment {
    at.plus(jiff::SignedDuration::from_secs(seconds))
}
