//! Accounts of citizens and organisations, and what a provider's word changes in them: two identities are one person only by a number that a
//! provider answers for; never by an e-mail, a telephone or a number somebody typed. Pure.
use base::Moment;

use super::{Refused, provider::Identity};
use crate::CitizenAccountId;

/// Whose account it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountKind {
    /// A person's.
    #[default]
    Person,
    /// An organisation's: a person acts for it.
    Organisation,
}

impl std::fmt::Display for AccountKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AccountKind::Person => "person",
            AccountKind::Organisation => "organisation",
        })
    }
}

impl std::str::FromStr for AccountKind {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "person" => Ok(AccountKind::Person),
            "organisation" => Ok(AccountKind::Organisation),
            _ => Err("no such kind of account"),
        }
    }
}

store::text_value!(AccountKind);

/// A citizen's account, or an organisation's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitizenAccount {
    /// The account.
    pub id: CitizenAccountId,
    /// Sign-in name; for an account that comes by a provider only, its id.
    pub login: String,
    /// Name as typed, or as the provider says it.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Citizen id: as typed by the holder, or as a provider answers for it (`verified_at`).
    pub citizen_id: Option<String>,
    /// Whose.
    pub kind: AccountKind,
    /// Tax code of an organisation.
    pub tax_code: Option<String>,
    /// Date of birth, as the provider says it.
    pub birth_date: Option<String>,
    /// When a provider last answered for the number.
    pub verified_at: Option<Moment>,
    /// Which provider did.
    pub verified_by: Option<String>,
    /// Version of the stream.
    pub version: i64,
}

impl CitizenAccount {
    /// A new account. Nobody signs in by the name it has, which is its id: it has no password.
    pub fn new(id: CitizenAccountId, kind: AccountKind, name: &str) -> CitizenAccount {
        CitizenAccount {
            id,
            login: id.to_string(),
            name: base::text::line(name).chars().take(200).collect(),
            email: None,
            phone: None,
            citizen_id: None,
            kind,
            tax_code: None,
            birth_date: None,
            verified_at: None,
            verified_by: None,
            version: 0,
        }
    }

    /// Which number may be kept here when an identity that is linked to this account comes again with `sure`, the number that its provider
    /// answers for now. `others`: the account that is found by that number.
    pub fn keeps<'a>(&self, sure: Option<&'a str>, others: Option<&CitizenAccount>) -> Result<Option<&'a str>, Refused> {
        if self.verified_at.is_some() && sure.is_some() && self.citizen_id.as_deref() != sure {
            // the provider gave this identity to another person: neither's papers may be shown to the other
            return Err(Refused::Untrusted("number of the identity changed"));
        }
        let anothers = others.is_some_and(|other| other.id != self.id);
        Ok(sure.filter(|_| !anothers))
    }

    /// The account with what a provider says of its holder, which is newer than what is kept. `sure`: the number it answers for.
    pub fn refreshed(&self, who: &Identity, sure: Option<&str>, provider: &str, now: Moment) -> CitizenAccount {
        let mut new = self.clone();
        let said = |said: &Option<String>, kept: &mut Option<String>| {
            if said.is_some() {
                kept.clone_from(said);
            }
        };
        if let Some(name) = &who.name {
            new.name.clone_from(name);
        }
        said(&who.birth_date.map(|day| day.to_string()), &mut new.birth_date);
        if who.organisation.is_none() {
            // the addresses of an organisation's account are not its representative's own
            said(&who.phone, &mut new.phone);
            said(&who.email, &mut new.email);
        }
        match sure {
            Some(number) => {
                new.citizen_id = Some(number.to_owned());
                (new.verified_at, new.verified_by) = (Some(now), Some(provider.to_owned()));
            }
            None if new.verified_at.is_none() => said(&who.id_number, &mut new.citizen_id),
            None => {}
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        "2026-11-23T14:30".parse().unwrap()
    }

    fn account(n: u128) -> CitizenAccount {
        CitizenAccount::new(CitizenAccountId(uuid::Uuid::from_u128(n)), AccountKind::Person, " Nguyễn  Văn Mẫu ")
    }

    fn who(number: &str, verified: bool) -> Identity {
        Identity {
            subject: "a".into(),
            level: None,
            verified,
            id_number: Some(number.into()),
            name: None,
            birth_date: None,
            phone: Some("0900000001".into()),
            email: None,
            organisation: None,
            login: None,
        }
    }

    #[test]
    fn only_a_number_that_the_provider_answers_for_is_sure() {
        assert_eq!(who("096090000001", true).sure_number(), Some("096090000001"));
        assert_eq!(who("096090000001", false).sure_number(), None);
    }

    #[test]
    fn an_identity_that_brings_another_sure_number_is_another_person() {
        let (mut known, other) = (account(1), account(2));
        assert_eq!(known.keeps(Some("1"), None), Ok(Some("1")));
        assert_eq!(known.keeps(Some("1"), Some(&other)), Ok(None), "the number is another's already");
        (known.citizen_id, known.verified_at) = (Some("1".into()), Some(now()));
        assert_eq!(known.keeps(Some("1"), Some(&known)), Ok(Some("1")));
        assert_eq!(known.keeps(None, None), Ok(None));
        assert_eq!(known.keeps(Some("2"), None), Err(Refused::Untrusted("number of the identity changed")));
    }

    #[test]
    fn an_unsure_number_never_takes_the_place_of_a_sure_one() {
        let typed = account(1).refreshed(&who("1", false), None, "vneid", now());
        assert_eq!((typed.citizen_id.as_deref(), typed.verified_at), (Some("1"), None));
        assert_eq!((typed.name.as_str(), typed.phone.as_deref()), ("Nguyễn Văn Mẫu", Some("0900000001")));
        let sure = typed.refreshed(&who("2", true), Some("2"), "vneid", now());
        assert_eq!((sure.citizen_id.as_deref(), sure.verified_by.as_deref()), (Some("2"), Some("vneid")));
        assert_eq!(sure.refreshed(&who("3", false), None, "oidc", now()), sure);
    }
}
