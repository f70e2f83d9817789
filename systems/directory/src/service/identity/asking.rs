//! Asking a provider who somebody is, and believing or refusing what it answers.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use store::{By, Db, Write};
use web::Key;

use super::{Exchange, Stop, line};
use crate::{
    Error,
    identity::{
        Refused,
        answer::{Said, with_page},
        provider::{Identity, Provider},
        token,
    },
    service::sign_in::Place,
    sql::{
        credentials::{self, Tried},
        identity::{self as sql, Flow},
    },
};

/// How long a question waits for its answer.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Asks: keeps the question and says where to send the browser. `next`: where it goes once it is back.
pub async fn begin(at: &Exchange<'_>, browser: Key, next: String) -> Result<String, Stop> {
    at.must_be_on()?;
    let Exchange { providers, provider, by, .. } = *at;
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
            .append_pair("redirect_uri", &at.addresses().redirect)
            .append_pair("scope", &provider.profile.scopes)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)))
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", "vi");
        if !provider.profile.acr_values.is_empty() {
            asked.append_pair("acr_values", &provider.profile.acr_values);
        }
    }
    let flow = Flow { provider: provider.key.clone(), nonce, verifier, next };
    let (key, now) = (hashed(&state), by.now);
    let until = now.plus(PATIENCE);
    at.db.write(async move |tx: &Write<'_>| Ok::<_, Error>(sql::ask(tx, &key, browser, &flow, until, now).await?)).await?;
    Ok(url.into())
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
pub async fn answer(at: &Exchange<'_>, browser: Option<Key>, place: &Place, said: &Said) -> Result<(Flow, Arrived), Stop> {
    at.must_be_on()?;
    let Some(state) = &said.state else { return Err(Refused::Stale.into()) };
    let (state, key, now) = (hashed(state), at.provider.key.clone(), at.by.now);
    // a browser that brings no cookie of ours asked nothing
    let browser = browser.unwrap_or(Key([0; 32]));
    // taken off the table before anything else is looked at: whatever follows, it is answered once
    let flow = at
        .db
        .write(async move |tx: &Write<'_>| match sql::answered(tx, &state, browser, &key, now).await? {
            Some(flow) => Ok::<_, Stop>(Ok(flow)),
            None if sql::asked_elsewhere(tx, &state, browser).await? => Ok(Err(Refused::OtherBrowser)),
            None => Ok(Err(Refused::Stale)),
        })
        .await??;
    match believed(at, &flow, said).await {
        Ok(arrived) => Ok((flow, arrived)),
        Err(why) => {
            turned_away(at.db, &at.by, at.provider, place, &why).await?;
            Err(why.into())
        }
    }
}

async fn believed(at: &Exchange<'_>, flow: &Flow, said: &Said) -> Result<Arrived, Refused> {
    let Exchange { providers, provider, .. } = *at;
    let (issuer, now) = (provider.issuer.as_str(), at.by.now);
    let metadata = providers.metadata(issuer, now).await?;
    let code = said.code_of(issuer, metadata.authorization_response_iss_parameter_supported)?;
    let tokens = providers.tokens(provider, code, &at.addresses().redirect, &flow.verifier, now).await?;
    let signed = providers.signed(issuer, &tokens.id_token, now).await?;
    let asked = token::Question { issuer, client_id: &provider.client_id, nonce: &flow.nonce, now };
    token::id_token(&signed.claims, &asked)?;
    let text = |name: &str| signed.claims.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let sub = text("sub").ok_or(Refused::Untrusted("subject"))?;
    let sid = text("sid");
    let identity = if provider.profile.userinfo {
        let access = tokens.access_token.as_deref().ok_or(Refused::Untrusted("access token"))?;
        token::came_together(&signed, access)?;
        let page = providers.about_user(issuer, access, &sub, now).await?;
        provider.identity(&with_page(&signed.claims, page), now)?
    } else {
        provider.identity(&signed.claims, now)?
    };
    Ok(Arrived { identity, sub, sid, id_token: tokens.id_token })
}

/// Writes into the history of sign-ins that an answer let nobody in, and why.
pub async fn turned_away(db: &Db, by: &By, provider: &Provider, place: &Place, why: &Refused) -> Result<(), Error> {
    let level = if let Refused::Level { have, .. } = why { Some(have.clone()) } else { None };
    let line = Tried { detail: Some(why.code()), ..line(by, provider, None, "refused", place, level) };
    db.write(async move |tx: &Write<'_>| Ok::<_, Error>(credentials::record(tx, &line).await?)).await
}

fn hashed(state: &str) -> [u8; 32] {
    Sha256::digest(state).into()
}
