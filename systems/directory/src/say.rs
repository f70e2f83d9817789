//! Sentences with blanks, until the page floor brings its own.
#![allow(missing_docs)]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(String);
pub fn words(key: &'static str) -> Words {
    Words(key.into())
}
impl Words {
    pub fn with(self, value: impl std::fmt::Display) -> Words {
        let n = (0..9).find(|n| self.0.contains(&format!("{{{n}}}"))).unwrap_or_default();
        Words(self.0.replacen(&format!("{{{n}}}"), &value.to_string(), 1))
    }
}
impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl From<&str> for Words {
    fn from(text: &str) -> Words {
        Words(text.into())
    }
}
impl From<String> for Words {
    fn from(text: String) -> Words {
        Words(text)
    }
}
/// Citizens and officers live apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realm {
    Citizen,
    Officer,
}
impl Realm {
    pub fn code(self) -> &'static str {
        match self {
            Realm::Citizen => "citizen",
            Realm::Officer => "officer",
        }
    }
}
/// Whose account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    pub realm: Realm,
    pub id: uuid::Uuid,
}
