//! A provider of identities that signs with keys of its own, keeps the rules of the standard, and breaks any one of them when told to.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use directory::{
    Cx, Realm, SignInSettings,
    identity::provider::{ClaimNames, ClientAuth, Profile, Provider},
    service::identity::keep_provider,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::Write;

use crate::town::{Served, noon, serve_with};

pub const CLIENT: &str = "motcua";
pub const SECRET: &str = "khóa: bí mật";

/// How tokens are signed.
#[derive(Clone, Copy, Default)]
pub enum Sign {
    /// As it should be: by the first key, under its name.
    #[default]
    Well,
    /// Not at all.
    None,
    /// With the public key as a shared secret.
    SecretOfPublicKey,
    /// By this key (0, 1, 2), under this name.
    By(usize, &'static str),
}

/// What it does wrong; nothing by default.
#[derive(Clone, Default)]
pub struct Tricks {
    /// Claims of the id token that are other than right; null: left out.
    pub claims: Vec<(&'static str, Value)>,
    /// How it signs.
    pub sign: Sign,
    /// The names of the keys it publishes, by their number; none: the first.
    pub published: Option<Vec<(usize, &'static str)>>,
    /// Whom the answer names as its author; empty: nobody.
    pub answer_iss: Option<&'static str>,
    /// The `state` of the answer.
    pub state: Option<String>,
    /// An error in place of a code.
    pub error: Option<&'static str>,
    /// Whom the page about the user is about.
    pub userinfo_sub: Option<&'static str>,
    /// What it calls itself where it tells about itself.
    pub calls_itself: Option<&'static str>,
    /// It does not tell about itself now.
    pub is_silent: bool,
    /// How the token address behaves.
    pub tokens: Tokens,
}

/// How the token address behaves.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Tokens {
    /// Well.
    #[default]
    Well,
    /// Answers after the patience of everybody.
    Slow,
    /// 500.
    Broken,
    /// A page for people.
    Html,
    /// Without an id token.
    Empty,
    /// More than anybody wants to read.
    Endless,
}

struct Asked {
    nonce: String,
    challenge: String,
    redirect: String,
    used: bool,
}

struct Inner {
    base: String,
    clock: base::Clock,
    keys: Vec<EncodingKey>,
    tricks: Mutex<Tricks>,
    codes: Mutex<HashMap<String, Asked>>,
    who: Mutex<Value>,
    asked_for_keys: Mutex<usize>,
}

/// The provider, while it runs.
#[derive(Clone)]
pub struct Hostile(Arc<Inner>);

fn key() -> EncodingKey {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &aws_lc_rs::rand::SystemRandom::new()).unwrap();
    EncodingKey::from_ec_der(pkcs8.as_ref())
}

impl Hostile {
    /// Starts one that follows this clock.
    pub async fn start(clock: base::Clock) -> Hostile {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            base,
            clock,
            keys: (0..3).map(|_| key()).collect(),
            tricks: Mutex::default(),
            codes: Mutex::default(),
            who: Mutex::new(person("096090000001")),
            asked_for_keys: Mutex::new(0),
        };
        let provider = Hostile(Arc::new(inner));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/end", get(end))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn issuer(&self) -> &str {
        &self.0.base
    }

    /// From now on it does this wrong.
    pub fn does(&self, tricks: Tricks) {
        *self.0.tricks.lock().unwrap() = tricks;
    }

    /// Who sits before it.
    pub fn is_used_by(&self, who: Value) {
        *self.0.who.lock().unwrap() = who;
    }

    pub fn times_asked_for_keys(&self) -> usize {
        *self.0.asked_for_keys.lock().unwrap()
    }

    fn tricks(&self) -> Tricks {
        self.0.tricks.lock().unwrap().clone()
    }

    fn now(&self) -> i64 {
        self.0.clock.now().micros() / 1_000_000
    }

    fn published(&self, number: usize, name: &str) -> Value {
        let jwk = Jwk::from_encoding_key(&self.0.keys[number], Algorithm::ES256).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        (jwk["kid"], jwk["use"]) = (json!(name), json!("sig"));
        jwk
    }

    /// Signs claims as it was told to.
    pub fn signs(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let named = |key: usize, name: &str| {
            let header = Header { kid: Some(name.to_owned()), ..Header::new(Algorithm::ES256) };
            jsonwebtoken::encode(&header, claims, &self.0.keys[key]).unwrap()
        };
        match self.tricks().sign {
            Sign::Well => named(0, "k1"),
            Sign::By(key, name) => named(key, name),
            Sign::None => format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(claims)),
            Sign::SecretOfPublicKey => {
                let public = self.published(0, "k1").to_string();
                let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::HS256) };
                jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(public.as_bytes())).unwrap()
            }
        }
    }

    fn id_token(&self, nonce: &str, access_token: &str) -> String {
        let (now, tricks) = (self.now(), self.tricks());
        let mut claims = json!({
            "iss": self.0.base, "aud": CLIENT, "nonce": nonce, "iat": now, "exp": now + 300, "sid": "phien-1",
            "at_hash": URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]),
        });
        for (name, value) in self.0.who.lock().unwrap().as_object().unwrap() {
            claims[name] = value.clone();
        }
        changed(&mut claims, &tricks.claims);
        self.signs(&claims)
    }

    /// An order to sign somebody out, with these claims other than right; null: left out.
    pub fn order(&self, number: &str, changes: &[(&'static str, Value)]) -> String {
        let now = self.now();
        let mut claims = json!({
            "iss": self.0.base, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": number, "sub": "nguoi-1", "sid": "phien-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        changed(&mut claims, changes);
        self.signs(&claims)
    }

    /// Its profile at the house, ready to be saved.
    pub fn profile(&self, key: &str, realm: Realm) -> Provider {
        let claims = match realm {
            Realm::Citizen => ClaimNames { level: "IAL".into(), ..Provider::proposed()[0].profile.claims.clone() },
            Realm::Officer => ClaimNames { login: "preferred_username".into(), ..ClaimNames::default() },
        };
        let officer = realm == Realm::Officer;
        Provider {
            key: key.into(),
            realm,
            label: "Đăng nhập bằng nơi thử".into(),
            issuer: self.0.base.clone(),
            client_id: CLIENT.into(),
            active: true,
            place: 1,
            version: 0,
            profile: Profile {
                client_auth: ClientAuth::Basic,
                scopes: "openid".into(),
                acr_values: String::new(),
                userinfo: false,
                claims,
                levels: if officer { vec![] } else { vec!["1".into(), "2".into()] },
                lowest: if officer { String::new() } else { "1".into() },
                verified_from: if officer { String::new() } else { "2".into() },
                sign_out_there: true,
                second_factor_there: false,
            },
        }
    }
}

fn changed(claims: &mut Value, changes: &[(&'static str, Value)]) {
    let claims: &mut Map<String, Value> = claims.as_object_mut().unwrap();
    for (name, value) in changes {
        match value {
            Value::Null => claims.remove(*name),
            value => claims.insert((*name).to_owned(), value.clone()),
        };
    }
}

/// What it says about a citizen with this number.
pub fn person(number: &str) -> Value {
    json!({"sub": "nguoi-1", "IAL": "2", "SoDinhDanh": number, "HoVaTen": "Nguyễn Văn Mẫu", "NgayThangNamSinh": "19900131", "LoaiTaiKhoan": "1"})
}

/// The town with a provider that citizens may come by, switched on.
pub async fn town_with_provider(place: testkit::Place) -> (Served, Hostile) {
    let secrets = ["gia", "gia-2", "can-bo"].map(|key| (key.to_owned(), SECRET.to_owned()));
    let settings = SignInSettings { client_secrets: secrets.into(), provider_seconds: 1, ..SignInSettings::default() };
    let served = serve_with(place, false, base::Clock::fixed(noon()), settings).await;
    let provider = Hostile::start(served.clock.clone()).await;
    save(&served, provider.profile("gia", Realm::Citizen)).await;
    (served, provider)
}

/// Saves a profile as the administrator does.
pub async fn save(served: &Served, profile: Provider) {
    let cx = Cx::machine(served.clock.now());
    served.town.db.write(async move |tx: &Write<'_>| keep_provider(tx, &cx, &profile).await).await.unwrap();
}

async fn about(State(p): State<Hostile>) -> Response {
    let (base, tricks) = (&p.0.base, p.tricks());
    if tricks.is_silent {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({
        "issuer": tricks.calls_itself.unwrap_or(base), "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys"), "userinfo_endpoint": format!("{base}/userinfo"),
        "end_session_endpoint": format!("{base}/end"), "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

async fn keys(State(p): State<Hostile>) -> Json<Value> {
    *p.0.asked_for_keys.lock().unwrap() += 1;
    let published = p.tricks().published.unwrap_or_else(|| vec![(0, "k1")]);
    let mut all: Vec<Value> = published.into_iter().map(|(number, name)| p.published(number, name)).collect();
    // keys nobody here understands disturb nothing
    all.push(json!({"kty": "unheard-of", "kid": "x"}));
    Json(json!({"keys": all}))
}

async fn authorize(State(p): State<Hostile>, Query(q): Query<HashMap<String, String>>) -> Response {
    let tricks = p.tricks();
    assert_eq!(
        (q["client_id"].as_str(), q["response_type"].as_str(), q["code_challenge_method"].as_str()),
        (CLIENT, "code", "S256")
    );
    let state = tricks.state.unwrap_or_else(|| q["state"].clone());
    let issuer = tricks.answer_iss.unwrap_or(&p.0.base);
    let mut back = reqwest::Url::parse(&q["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("state", &state);
    if !issuer.is_empty() {
        back.query_pairs_mut().append_pair("iss", issuer);
    }
    if let Some(error) = tricks.error {
        back.query_pairs_mut().append_pair("error", error);
        return Redirect::to(back.as_str()).into_response();
    }
    let mut codes = p.0.codes.lock().unwrap();
    let code = format!("ma-{}", codes.len());
    let asked = Asked {
        nonce: q["nonce"].clone(),
        challenge: q["code_challenge"].clone(),
        redirect: q["redirect_uri"].clone(),
        used: false,
    };
    codes.insert(code.clone(), asked);
    back.query_pairs_mut().append_pair("code", &code);
    Redirect::to(back.as_str()).into_response()
}

async fn token(State(p): State<Hostile>, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    match p.tricks().tokens {
        Tokens::Well => {}
        Tokens::Slow => tokio::time::sleep(Duration::from_secs(20)).await,
        Tokens::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Tokens::Html => return Html("<h1>Bảo trì</h1>").into_response(),
        Tokens::Empty => return Json(json!({"access_token": "a"})).into_response(),
        Tokens::Endless => return "x".repeat(1_000_000).into_response(),
    }
    let escape = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", escape(CLIENT), escape(SECRET)));
    if headers["authorization"] != format!("Basic {pair}") {
        return refuse("invalid_client");
    }
    let mut codes = p.0.codes.lock().unwrap();
    let Some(asked) = codes.get_mut(&form["code"]).filter(|a| !a.used) else { return refuse("invalid_grant") };
    asked.used = true;
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if proof != asked.challenge || form["redirect_uri"] != asked.redirect {
        return refuse("invalid_grant");
    }
    let access = format!("vao-{}", form["code"]);
    Json(json!({"id_token": p.id_token(&asked.nonce, &access), "access_token": access, "token_type": "Bearer"})).into_response()
}

async fn userinfo(State(p): State<Hostile>, headers: HeaderMap) -> Response {
    if !headers.get("authorization").is_some_and(|a| a.as_bytes().starts_with(b"Bearer vao-")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let sub = p.tricks().userinfo_sub.unwrap_or("nguoi-1");
    Json(json!({"sub": sub, "SoDienThoai": "0900000009"})).into_response()
}

async fn end(Query(q): Query<HashMap<String, String>>) -> Response {
    Json(json!(q)).into_response()
}
