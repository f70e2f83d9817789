//! What came back with the browser, judged before anything is done with it, and what token and page about the user say together. Pure.
use super::{Refused, provider::Claims};

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

impl Said {
    /// The code, when the answer is this provider's and says yes. `always_named`: its answers always name it.
    pub fn code_of(&self, issuer: &str, always_named: bool) -> Result<&str, Refused> {
        // another provider's answer to our question is a theft of the code (mix-up)
        match self.iss.as_deref() {
            Some(iss) if iss != issuer => return Err(Refused::Untrusted("issuer of the answer")),
            None if always_named => return Err(Refused::Untrusted("issuer of the answer")),
            _ => {}
        }
        match (self.error.as_deref(), self.code.as_deref()) {
            (None, Some(code)) => Ok(code),
            (Some(error @ ("server_error" | "temporarily_unavailable")), _) => {
                Err(Refused::Away(format!("the provider answered {error}")))
            }
            _ => Err(Refused::Declined),
        }
    }
}

/// What the page about the user adds to the token: what is signed stands.
pub fn with_page(signed: &Claims, page: Claims) -> Claims {
    let mut all = signed.clone();
    for (name, value) in page {
        all.entry(name).or_insert(value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://provider.example";

    fn said(iss: Option<&str>, code: Option<&str>, error: Option<&str>) -> Said {
        let text = |part: Option<&str>| part.map(str::to_owned);
        Said { code: text(code), state: None, iss: text(iss), error: text(error) }
    }

    #[test]
    fn only_the_provider_that_was_asked_answers_and_only_a_yes_is_one() {
        let other: Result<&str, Refused> = Err(Refused::Untrusted("issuer of the answer"));
        assert_eq!(said(Some(ISSUER), Some("c"), None).code_of(ISSUER, true), Ok("c"));
        assert_eq!(said(None, Some("c"), None).code_of(ISSUER, false), Ok("c"));
        assert_eq!(said(None, Some("c"), None).code_of(ISSUER, true), other);
        assert_eq!(said(Some("https://other.example"), Some("c"), None).code_of(ISSUER, false), other);
        for no in [said(None, Some("c"), Some("access_denied")), said(None, None, None)] {
            assert_eq!(no.code_of(ISSUER, false), Err(Refused::Declined), "{no:?}");
        }
        let away = said(None, None, Some("server_error"));
        assert!(matches!(away.code_of(ISSUER, false), Err(Refused::Away(_))));
    }

    #[test]
    fn what_is_signed_stands_whatever_the_page_says() {
        let claims = |text: &str| serde_json::from_str::<Claims>(text).unwrap();
        let both = with_page(&claims(r#"{"sub": "a", "IAL": "1"}"#), claims(r#"{"IAL": "2", "phone": "0900000001"}"#));
        assert_eq!(both, claims(r#"{"sub": "a", "IAL": "1", "phone": "0900000001"}"#));
    }
}
