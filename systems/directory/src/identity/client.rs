//! The lines to providers: what one publishes about itself (kept for an hour), its keys (read again when it names a new one), a code for
//! tokens, the page about the user. TLS is verified, redirects are not followed, answers have a limit in size and in time.
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use base::Moment;
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::jwk::JwkSet;
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Refused,
    provider::{Claims, ClientAuth, Provider},
    token::{Signed, Unsigned, signed},
};

/// Largest answer that is read.
const LARGEST: usize = 256 * 1024;
/// How long what a provider says about itself is kept, in seconds.
const KEPT_SECONDS: i64 = 3600;
/// How long it is used when the provider cannot be asked again.
const STALE_SECONDS: i64 = 24 * 3600;
/// Keys are read again at most this often, whatever names tokens bring.
const KEYS_SECONDS: i64 = 60;

/// What is set about signing in; `[sign_in]` in the configuration file. Secrets stand here, never in the database.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInSettings {
    /// Secrets of this house at providers of identities, by the provider's key.
    pub client_secrets: BTreeMap<String, String>,
    /// A folder with one file for each such secret, named like the provider's key.
    pub secrets_folder: Option<PathBuf>,
    /// A certificate (PEM) that is trusted besides those of the machine, for a provider of the province's own.
    pub ca_file: Option<PathBuf>,
    /// How long a provider is waited for, in seconds.
    pub provider_seconds: u64,
}

impl Default for SignInSettings {
    fn default() -> Self {
        SignInSettings { client_secrets: BTreeMap::new(), secrets_folder: None, ca_file: None, provider_seconds: 8 }
    }
}

impl SignInSettings {
    /// The secret of this house at a provider: from the settings, else from its file.
    pub fn secret_of(&self, key: &str) -> Option<String> {
        let given = self.client_secrets.get(key).cloned();
        let file = || {
            let folder = self.secrets_folder.as_ref().filter(|_| Provider::sound_key(key))?;
            match std::fs::read_to_string(folder.join(key)) {
                Ok(text) => Some(text.trim().to_owned()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => {
                    tracing::warn!(provider = %key, %error, "the file with the secret of a provider cannot be read");
                    None
                }
            }
        };
        given.or_else(file).filter(|secret| !secret.is_empty())
    }
}

/// What a provider publishes about itself (OpenID Connect Discovery).
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Its name.
    pub issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where a code becomes tokens.
    pub token_endpoint: String,
    /// Where its keys stand.
    pub jwks_uri: String,
    /// Where it tells about the user.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
    /// Where people sign out.
    #[serde(default)]
    pub end_session_endpoint: Option<String>,
    /// Its answers name it (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// What a code becomes.
#[derive(Deserialize)]
pub struct Tokens {
    /// Who came.
    pub id_token: String,
    /// For the page about the user.
    #[serde(default)]
    pub access_token: Option<String>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<Metadata>,
    read_at: Moment,
    keys: Option<(Arc<JwkSet>, Moment)>,
}

/// Every provider of the house, with what is known of each. Cheap to clone.
#[derive(Clone)]
pub struct Providers(Arc<Inner>);

struct Inner {
    settings: SignInSettings,
    client: OnceLock<Result<Client, String>>,
    known: Mutex<HashMap<String, Known>>,
}

impl Providers {
    /// With these settings.
    pub fn new(settings: SignInSettings) -> Self {
        Providers(Arc::new(Inner { settings, client: OnceLock::new(), known: Mutex::default() }))
    }

    /// The settings.
    pub fn settings(&self) -> &SignInSettings {
        &self.0.settings
    }

    /// Forgets what a provider said about itself.
    pub fn forget(&self, issuer: &str) {
        self.known().remove(issuer);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client(&self) -> Result<&Client, Refused> {
        let made = self.0.client.get_or_init(|| make_client(&self.0.settings));
        made.as_ref().map_err(|why| Refused::Settings(why.clone()))
    }

    /// What the provider says about itself. It must name itself as we do, and every address must be one that TLS protects.
    pub async fn metadata(&self, issuer: &str, now: Moment) -> Result<Arc<Metadata>, Refused> {
        let kept = self.known().get(issuer).cloned();
        if let Some(kept) = kept.as_ref().filter(|k| within(k.read_at, now, KEPT_SECONDS)) {
            return Ok(kept.metadata.clone());
        }
        let said = match self.read_metadata(issuer).await {
            Ok(said) => Arc::new(said),
            // a provider that is away for a moment is still the one we know
            Err(Refused::Away(why)) => match kept.filter(|k| within(k.read_at, now, STALE_SECONDS)) {
                Some(kept) => return Ok(kept.metadata),
                None => return Err(Refused::Away(why)),
            },
            Err(why) => return Err(why),
        };
        let keys = kept.and_then(|k| k.keys);
        self.known().insert(issuer.to_owned(), Known { metadata: said.clone(), read_at: now, keys });
        Ok(said)
    }

    async fn read_metadata(&self, issuer: &str) -> Result<Metadata, Refused> {
        guarded(issuer)?;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let said: Metadata = self.json(self.client()?.get(address)).await?;
        if said.issuer != issuer {
            return Err(Refused::Settings(format!("the provider names itself {:?}, not {issuer:?}", said.issuer)));
        }
        let optional = [&said.userinfo_endpoint, &said.end_session_endpoint].into_iter().flatten();
        [&said.authorization_endpoint, &said.token_endpoint, &said.jwks_uri]
            .into_iter()
            .chain(optional)
            .try_for_each(|a| guarded(a))?;
        Ok(said)
    }

    /// The provider's keys; `fresh`: a token names one that is not among those we know.
    pub async fn keys(&self, issuer: &str, now: Moment, fresh: bool) -> Result<Arc<JwkSet>, Refused> {
        let metadata = self.metadata(issuer, now).await?;
        let kept = self.known().get(issuer).and_then(|k| k.keys.clone());
        let keep = if fresh { KEYS_SECONDS } else { KEPT_SECONDS };
        if let Some((keys, _)) = kept.filter(|(_, at)| within(*at, now, keep)) {
            return Ok(keys);
        }
        let keys: JwkSet = self.json(self.client()?.get(&metadata.jwks_uri)).await?;
        let keys = Arc::new(keys);
        if let Some(known) = self.known().get_mut(issuer) {
            known.keys = Some((keys.clone(), now));
        }
        Ok(keys)
    }

    /// Checks a signature, reading the keys again once when a new one is named.
    pub async fn signed(&self, issuer: &str, token: &str, now: Moment) -> Result<Signed, Refused> {
        match signed(token, &*self.keys(issuer, now, false).await?) {
            Err(Unsigned::UnknownKey) => Ok(signed(token, &*self.keys(issuer, now, true).await?)?),
            other => Ok(other?),
        }
    }

    /// Changes a code for tokens.
    pub async fn tokens(
        &self,
        provider: &Provider,
        code: &str,
        redirect: &str,
        verifier: &str,
        now: Moment,
    ) -> Result<Tokens, Refused> {
        let metadata = self.metadata(&provider.issuer, now).await?;
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect.to_owned()),
            ("code_verifier", verifier.to_owned()),
        ];
        let mut request =
            self.client()?.post(&metadata.token_endpoint).header("content-type", "application/x-www-form-urlencoded");
        let secret = || {
            let secret = self.0.settings.secret_of(&provider.key);
            secret.ok_or_else(|| Refused::Settings(format!("no secret for {}", provider.key)))
        };
        match provider.profile.client_auth {
            ClientAuth::Basic => {
                let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = STANDARD.encode(format!("{}:{}", part(&provider.client_id), part(&secret()?)));
                request = request.header("authorization", format!("Basic {pair}"));
            }
            ClientAuth::Post => form.extend([("client_id", provider.client_id.clone()), ("client_secret", secret()?)]),
            ClientAuth::None => form.push(("client_id", provider.client_id.clone())),
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.json(request.body(body)).await
    }

    /// What the provider says about the user, when it is about the same user as the token.
    pub async fn about_user(&self, issuer: &str, access_token: &str, sub: &str, now: Moment) -> Result<Claims, Refused> {
        let metadata = self.metadata(issuer, now).await?;
        let address = metadata.userinfo_endpoint.as_ref().ok_or_else(|| Refused::Settings("no page about the user".into()))?;
        let said: Claims = self.json(self.client()?.get(address).bearer_auth(access_token)).await?;
        match said.get("sub").and_then(|s| s.as_str()) {
            Some(said_sub) if said_sub == sub => Ok(said),
            _ => Err(Refused::Untrusted("user of the page")),
        }
    }

    /// An answer in JSON, not too large, in time.
    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Refused> {
        let away = |e: reqwest::Error| Refused::Away(short(&e));
        let mut answer = request.header("accept", "application/json").send().await.map_err(away)?;
        let status = answer.status();
        let mut body = vec![];
        while let Some(piece) = answer.chunk().await.map_err(away)? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                return Err(Refused::Away("too much was answered".into()));
            }
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|e| Refused::Away(format!("answered no such JSON: {e}")));
        }
        Err(refusal(status, &body))
    }
}

/// An answer that says no: its own words of the standard, or a server in trouble.
fn refusal(status: StatusCode, body: &[u8]) -> Refused {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    match serde_json::from_slice::<Said>(body).map(|said| said.error) {
        Ok(error) if error == "invalid_grant" => Refused::Stale,
        Ok(error) if status.is_client_error() => Refused::Settings(format!("the provider answered {error:?}")),
        _ => Refused::Away(format!("answered {status}")),
    }
}

fn make_client(settings: &SignInSettings) -> Result<Client, String> {
    let time = Duration::from_secs(settings.provider_seconds.clamp(1, 25));
    let mut client = Client::builder().redirect(redirect::Policy::none()).timeout(time).connect_timeout(time);
    if let Some(file) = &settings.ca_file {
        let pem = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let all = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| format!("{}: {e}", file.display()))?;
        client = client.tls_certs_merge(all);
    }
    client.build().map_err(|e| short(&e))
}

/// The innermost reason, without the address: it may carry a code.
fn short(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "no answer in time".into() } else { cause.to_string() }
}

/// An address that TLS protects, or one on this machine.
pub fn guarded(address: &str) -> Result<(), Refused> {
    let url = reqwest::Url::parse(address).map_err(|_| Refused::Settings(format!("{address:?} is no address")))?;
    let here = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        None => false,
    };
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(()),
        "http" if here => Ok(()),
        _ => Err(Refused::Settings(format!("{address:?} is not protected by TLS"))),
    }
}

fn within(at: Moment, now: Moment, seconds: i64) -> bool {
    (0..seconds).contains(&(now.since(at).as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_tls_protects_are_asked() {
        for good in ["https://a.example/x", "http://127.0.0.1:4000/", "http://localhost/", "http://[::1]:1/"] {
            assert_eq!(guarded(good), Ok(()), "{good}");
        }
        for bad in
            ["http://a.example/", "http://127.0.0.1.example/", "ftp://a.example/", "file:///etc/passwd", "", "https:", "//a"]
        {
            assert!(matches!(guarded(bad), Err(Refused::Settings(_))), "{bad}");
        }
    }

    #[test]
    fn a_secret_stands_in_the_settings_or_in_its_own_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("vneid"), "from-a-file\n").unwrap();
        std::fs::write(folder.path().join("empty"), "\n").unwrap();
        let client_secrets = BTreeMap::from([("dvcqg".to_owned(), "from-the-settings".to_owned())]);
        let settings = SignInSettings { client_secrets, secrets_folder: Some(folder.path().to_owned()), ..Default::default() };
        assert_eq!(settings.secret_of("vneid").as_deref(), Some("from-a-file"));
        assert_eq!(settings.secret_of("dvcqg").as_deref(), Some("from-the-settings"));
        for none in ["empty", "khac", "../vneid", "."] {
            assert_eq!(settings.secret_of(none), None, "{none}");
        }
    }
}
