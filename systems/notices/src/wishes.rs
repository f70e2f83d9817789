//! How somebody wants to be told: in which language, and whether by e-mail at all.
use base::Lang;
use serde::{Deserialize, Serialize};

/// What a person chose; whoever chose nothing is told in Vietnamese, by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// By e-mail. What the law says they must be told is told all the same.
    pub email: bool,
    /// In this language.
    pub lang: Lang,
}

impl Default for Wishes {
    fn default() -> Wishes {
        Wishes { email: true, lang: Lang::Vi }
    }
}

impl Wishes {
    /// Is a message sent to them? What must be told by law is not theirs to refuse.
    pub fn allow(self, must: bool) -> bool {
        self.email || must
    }

    /// What to go by when nothing was chosen, for somebody who uses this language right now; and whether that is worth keeping for the
    /// messages to come.
    pub fn learned(spoken: Option<Lang>) -> (Wishes, bool) {
        let wishes = Wishes { lang: spoken.unwrap_or_default(), ..Wishes::default() };
        (wishes, wishes != Wishes::default())
    }
}
