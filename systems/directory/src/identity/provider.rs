//! A provider of identities as data: where it is, what it is asked for, what its claims are called, which levels are taken; and whether what
//! an administrator typed about it is sound. Pure.
use base::{CitizenId, Moment, TaxCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use web::Realm;

use super::{Refused, client::guarded};
use crate::Error;

/// What a token or a page about a person says, by name.
pub type Claims = Map<String, Value>;

/// Longest identifier that is taken from a provider.
pub const LONGEST_ID: usize = 255;

/// How the program proves itself at the provider's token address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// Name and secret in the `Authorization` header.
    #[default]
    Basic,
    /// Name and secret in the form.
    Post,
    /// No secret: PKCE alone.
    None,
}

impl ClientAuth {
    /// All, in the order of the form.
    pub const ALL: [ClientAuth; 3] = [ClientAuth::Basic, ClientAuth::Post, ClientAuth::None];

    /// The word in data and forms; the names are those of the standard.
    pub fn code(self) -> &'static str {
        match self {
            ClientAuth::Basic => "client_secret_basic",
            ClientAuth::Post => "client_secret_post",
            ClientAuth::None => "none",
        }
    }

    /// The way that a word of a form means; the usual one when it means none.
    pub fn of(word: &str) -> ClientAuth {
        ClientAuth::ALL.into_iter().find(|way| way.code() == word).unwrap_or_default()
    }
}

/// What a provider's claims are called. An empty name: the provider does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimNames {
    /// The identifier that never changes; `sub` unless the provider has a better one.
    pub subject: String,
    /// Personal identification number.
    pub id_number: String,
    /// Full name.
    pub name: String,
    /// Date of birth.
    pub birth_date: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Level of assurance.
    pub level: String,
    /// Tax code of the organisation.
    pub tax_code: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Personal identification number of the legal representative; empty: the same as `id_number`.
    pub representative: String,
    /// What kind of account it is.
    pub kind: String,
    /// The value of `kind` that means an organisation; empty: whoever has a tax code is one.
    pub kind_of_organisation: String,
    /// The officer's sign-in name.
    pub login: String,
}

/// What else is chosen about a provider; kept as JSON, so that a later version may say more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// How the program proves itself.
    pub client_auth: ClientAuth,
    /// What is asked for, with blanks between.
    pub scopes: String,
    /// Levels asked for, as the provider writes them; may be empty.
    pub acr_values: String,
    /// Whether the claims stand behind the address about the user, beside the token.
    pub userinfo: bool,
    /// What the claims are called.
    pub claims: ClaimNames,
    /// Levels from the lowest to the highest, as the provider writes them.
    pub levels: Vec<String>,
    /// The lowest level with which one gets in; empty: any.
    pub lowest: String,
    /// From which level on the provider's word on the person's number counts as verified; empty: never.
    pub verified_from: String,
    /// Whoever signs out here is led there to sign out too.
    pub sign_out_there: bool,
    /// Officers: the provider asks a second factor itself, so it is not asked here again.
    pub second_factor_there: bool,
}

/// A provider of identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its word in addresses and settings: `vneid`.
    pub key: String,
    /// Whom it brings.
    pub realm: Realm,
    /// What the button says.
    pub label: String,
    /// Its name in tokens, and where it tells about itself.
    pub issuer: String,
    /// What it calls this house.
    pub client_id: String,
    /// Everything else.
    pub profile: Profile,
    /// Whether people may come this way.
    pub active: bool,
    /// Its place among the buttons.
    pub place: i64,
    /// Version of its stream; 0: only proposed, never saved.
    pub version: i64,
}

/// What a provider says about whoever came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The identifier that never changes.
    pub subject: String,
    /// The level, as the provider writes it.
    pub level: Option<String>,
    /// The number below was checked by the provider at a sufficient level.
    pub verified: bool,
    /// Personal identification number: the person's own, or the representative's.
    pub id_number: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Date of birth.
    pub birth_date: Option<jiff::civil::Date>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The organisation the person came for.
    pub organisation: Option<Organisation>,
    /// The officer's sign-in name.
    pub login: Option<String>,
}

impl Identity {
    /// The number by which another identity is the same person's: one that the provider answers for.
    pub fn sure_number(&self) -> Option<&str> {
        self.id_number.as_deref().filter(|_| self.verified)
    }
}

/// An organisation, as a provider names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its tax code.
    pub tax_code: TaxCode,
    /// Its name.
    pub name: String,
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

impl Provider {
    /// Whether a text can be the key of a provider.
    pub fn sound_key(key: &str) -> bool {
        (2..=32).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !key.starts_with('-')
    }

    /// What is typed about a provider, put in order, or the first thing that is wrong with it.
    pub fn sound(&self) -> Result<Provider, Error> {
        let mut p = self.clone();
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

    /// Whether an officer who came by this provider is still asked for the second factor here; `enrolled`: there is one to ask for.
    pub fn leaves_second_factor(&self, enrolled: bool) -> bool {
        enrolled && !self.profile.second_factor_there
    }

    /// Reads what the claims say. The token's own `sub` stands in for a missing better name.
    pub fn identity(&self, claims: &Claims, now: Moment) -> Result<Identity, Refused> {
        let names = &self.profile.claims;
        let say = |name: &str| text(claims, name);
        let subject = say(if names.subject.is_empty() { "sub" } else { &names.subject });
        let subject = subject.filter(|s| s.len() <= LONGEST_ID).ok_or(Refused::Untrusted("subject"))?;
        let level = say(if names.level.is_empty() { "acr" } else { &names.level });
        let verified = self.reaches(level.as_deref(), &self.profile.verified_from) && !self.profile.verified_from.is_empty();
        if !self.profile.lowest.is_empty() && !self.reaches(level.as_deref(), &self.profile.lowest) {
            return Err(Refused::Level { have: level.unwrap_or_default(), need: self.profile.lowest.clone() });
        }
        let number = |name: &str| say(name).filter(|n| CitizenId::given(n, now.date()).is_ok());
        let kind = say(&names.kind).unwrap_or_default();
        let organisation = match say(&names.tax_code) {
            _ if !names.kind_of_organisation.is_empty() && kind != names.kind_of_organisation => None,
            Some(code) => {
                let tax_code = code.parse().map_err(|_| Refused::Organisation("tax code"))?;
                Some(Organisation { tax_code, name: say(&names.organisation).ok_or(Refused::Organisation("name"))? })
            }
            None if !names.kind_of_organisation.is_empty() => return Err(Refused::Organisation("tax code")),
            None => None,
        };
        let of_whom = match &organisation {
            Some(_) if !names.representative.is_empty() => &names.representative,
            _ => &names.id_number,
        };
        let id_number = number(of_whom);
        if organisation.is_some() && !(verified && id_number.is_some()) {
            // an organisation acts through a person, and the person must be sure
            return Err(Refused::Organisation("representative"));
        }
        Ok(Identity {
            subject,
            verified: verified && id_number.is_some(),
            level,
            id_number,
            name: say(&names.name),
            birth_date: say(&names.birth_date).as_deref().and_then(day),
            phone: say(&names.phone),
            email: say(&names.email),
            organisation,
            login: say(&names.login),
        })
    }

    /// Whether a level is this one or above. A level that is not in the order is below all of them.
    fn reaches(&self, have: Option<&str>, need: &str) -> bool {
        let rank = |level: &str| self.profile.levels.iter().position(|l| l == level);
        match (have.and_then(rank), rank(need)) {
            (Some(have), Some(need)) => have >= need,
            _ => false,
        }
    }
}

/// A claim as text: providers write numbers now as figures, now as text.
pub(super) fn text(claims: &Claims, name: &str) -> Option<String> {
    let said = match claims.get(name)? {
        Value::String(text) => base::text::line(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!said.is_empty() && said.len() <= 1000).then_some(said)
}

/// `1990-01-31`, `19900131` or `31/01/1990`.
fn day(text: &str) -> Option<jiff::civil::Date> {
    if !text.is_ascii() {
        return None;
    }
    let figures: Vec<i16> = match text.len() {
        8 => [&text[..4], &text[4..6], &text[6..]].iter().filter_map(|p| p.parse().ok()).collect(),
        10 if text.contains('/') => text.split('/').rev().filter_map(|p| p.parse().ok()).collect(),
        10 => text.split('-').filter_map(|p| p.parse().ok()).collect(),
        _ => return None,
    };
    let [year, month, day] = figures.try_into().ok()?;
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn vneid() -> Provider {
        Provider::proposed().remove(0)
    }

    fn now() -> Moment {
        "2026-11-23T14:30".parse().unwrap()
    }

    fn claims(value: Value) -> Claims {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_person_is_read_from_the_claims_of_the_profile() {
        let said = claims(json!({
            "sub": "a-1", "IAL": 2, "SoDinhDanh": "096090000001", "HoVaTen": " Nguyễn  Văn Mẫu ", "NgayThangNamSinh": "19900131",
            "SoDienThoai": "0900000001", "LoaiTaiKhoan": "1", "MaSoThue": "khong phai",
        }));
        let known = vneid().identity(&said, now()).unwrap();
        assert_eq!((known.subject.as_str(), known.level.as_deref(), known.verified), ("a-1", Some("2"), true));
        assert_eq!(known.id_number.as_deref(), Some("096090000001"));
        assert_eq!(known.name.as_deref(), Some("Nguyễn Văn Mẫu"));
        assert_eq!(known.birth_date, Some(jiff::civil::date(1990, 1, 31)));
        assert_eq!(known.organisation, None, "a person's own tax code makes no organisation");
    }

    #[test]
    fn a_level_below_the_lowest_is_refused_and_an_unknown_one_is_below_all() {
        for level in [json!("1"), json!("9"), json!(null)] {
            let said = claims(json!({"sub": "a", "IAL": level}));
            assert!(matches!(vneid().identity(&said, now()), Err(Refused::Level { .. })), "{level}");
        }
    }

    #[test]
    fn a_number_counts_as_verified_from_its_level_on_only() {
        let mut provider = vneid();
        provider.profile.lowest = "1".into();
        let said = |level: &str| claims(json!({"sub": "a", "IAL": level, "SoDinhDanh": "096090000001"}));
        assert!(!provider.identity(&said("1"), now()).unwrap().verified);
        assert!(provider.identity(&said("2"), now()).unwrap().verified);
        let no_number = claims(json!({"sub": "a", "IAL": "2", "SoDinhDanh": "12345"}));
        assert!(!provider.identity(&no_number, now()).unwrap().verified, "there is nothing to be sure of");
        provider.profile.verified_from = String::new();
        assert!(!provider.identity(&said("2"), now()).unwrap().verified);
    }

    #[test]
    fn an_organisation_comes_with_its_tax_code_and_a_sure_representative() {
        let whole = json!({
            "sub": "org-1", "IAL": "2", "LoaiTaiKhoan": 2, "MaSoThue": "0100109106", "TenDoanhNghiep": "Công ty Mẫu",
            "SoDinhDanh": "096090000001", "HoVaTen": "Nguyễn Văn Mẫu",
        });
        let known = vneid().identity(&claims(whole.clone()), now()).unwrap();
        let organisation = known.organisation.unwrap();
        assert_eq!((organisation.tax_code.to_string().as_str(), organisation.name.as_str()), ("0100109106", "Công ty Mẫu"));
        for (missing, why) in [("MaSoThue", "tax code"), ("TenDoanhNghiep", "name"), ("SoDinhDanh", "representative")] {
            let mut part = claims(whole.clone());
            part.remove(missing);
            assert_eq!(vneid().identity(&part, now()), Err(Refused::Organisation(why)), "{missing}");
        }
        let mut unsure = vneid();
        (unsure.profile.lowest, unsure.profile.verified_from) = ("1".into(), "2".into());
        let mut low = claims(whole);
        low.insert("IAL".into(), json!("1"));
        assert_eq!(unsure.identity(&low, now()), Err(Refused::Organisation("representative")));
    }

    #[test]
    fn days_are_read_in_the_three_ways_providers_write_them() {
        for text in ["1990-01-31", "19900131", "31/01/1990"] {
            assert_eq!(day(text), Some(jiff::civil::date(1990, 1, 31)), "{text}");
        }
        for text in ["1990", "31-01-90", "19901331", "", "1990-0131xx", "ađđđb"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_proposed_is_off_and_asks_for_no_more_than_it_names() {
        for provider in Provider::proposed() {
            assert!(!provider.active && provider.issuer.is_empty() && provider.client_id.is_empty());
            assert!(Provider::sound_key(&provider.key) && provider.profile.scopes.starts_with("openid"));
        }
        for key in ["a", "Vneid", "vn eid", "-ab", "a/b", &"a".repeat(33)] {
            assert!(!Provider::sound_key(key), "{key}");
        }
    }
}
