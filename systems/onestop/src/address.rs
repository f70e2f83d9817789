//! Addresses written the old way, in every form of this room: a form offers how they are written today; nothing is changed unasked.
//!
//! A field with an address is followed by the question that [`offer`] makes of it. What was chosen is sent as `nay.{field}` and put in the
//! place of what was typed by [`as_chosen`].

use place::today;
use web::ui::field::{Choice, Field, radios};
use web::{raw, words};

/// Leave it as it was typed.
pub const KEEP: &str = "giu";

/// The name of the question about the address in a field.
pub fn question(field: &str) -> String {
    format!("nay.{field}")
}

/// The id of that question on a page, by which the address's field names it to a script.
pub fn anchor(field: &str) -> String {
    question(field).replace('.', "-")
}

/// How is this address written today? Nothing is asked about an address of today, nor about one that is not understood.
pub fn offer(field: &str, typed: &str) -> Option<Field> {
    let offers = today(typed);
    let first = offers.first()?;
    let legend = match offers.len() {
        1 => words("Địa chỉ trên ghi theo đơn vị hành chính cũ, nay thuộc {0}, {1}. Ghi thế nào?")
            .with(&first.commune)
            .with(&first.province),
        n => words("Địa chỉ trên ghi theo đơn vị hành chính cũ, nay chia về {0} nơi. Ghi thế nào?").with(n),
    };
    let anew = offers.into_iter().map(|today| Choice::new(today.code, raw(today.written)));
    let keep = Choice::new(KEEP, "Giữ như đã ghi").hint("Như trên giấy tờ của bạn; giấy tờ cũ vẫn có giá trị.");
    Some(radios(question(field), legend, anew.chain([keep])).value(KEEP))
}

/// Puts what was chosen in the place of what was typed; an answer that was not offered changes nothing.
pub fn as_chosen(fields: &mut [(String, String)]) {
    for at in 0..fields.len() {
        let asked = question(&fields[at].0);
        let Some((_, code)) = fields.iter().rev().find(|(name, _)| *name == asked) else { continue };
        if let Some(anew) = today(&fields[at].1).into_iter().find(|today| today.code == *code) {
            fields[at].1 = anew.written;
        }
    }
}

/// Is this field's address an old one, about which nobody was asked yet?
pub fn is_unasked(fields: &[(String, String)], field: &str) -> bool {
    let of = |name: &str| fields.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value);
    of(&question(field)).is_none() && of(field).is_some_and(|typed| !today(typed).is_empty())
}

/// The code of the commune of today that an address names; none when it may be one of several.
pub fn commune(address: &str) -> Option<String> {
    match <[String; 1]>::try_from(place::resolve(address).new) {
        Ok([only]) => Some(only),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "12 Lý Bôn, P.7, TP Bạc Liêu";
    const ANEW: &str = "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau";

    fn sent(choice: Option<&str>) -> Vec<(String, String)> {
        let choice = choice.map(|c| (question("dia-chi"), c.to_owned()));
        [("dia-chi".to_owned(), OLD.to_owned())].into_iter().chain(choice).collect()
    }

    #[test]
    fn what_was_chosen_takes_the_place_of_what_was_typed_and_nothing_else_does() {
        for (choice, written) in [(None, OLD), (Some(KEEP), OLD), (Some("31825"), ANEW), (Some("32002"), OLD), (Some("<b>"), OLD)]
        {
            let mut fields = sent(choice);
            assert_eq!(is_unasked(&fields, "dia-chi"), choice.is_none());
            as_chosen(&mut fields);
            assert_eq!(fields[0].1, written, "{choice:?}");
        }
    }

    #[test]
    fn nothing_is_asked_about_an_address_of_today_or_of_nowhere() {
        assert!(offer("dia-chi", OLD).is_some());
        for address in ["", "12 Trần Hưng Đạo", ANEW, "Phường An Xuyên, Tỉnh Cà Mau"] {
            assert!(offer("dia-chi", address).is_none(), "{address}");
        }
    }

    #[test]
    fn the_commune_of_today_is_known_only_when_it_is_one() {
        assert_eq!(commune(OLD).as_deref(), Some("31825"));
        assert_eq!(commune("Phường Cống Vị, Quận Ba Đình, Hà Nội"), None);
        assert_eq!(commune("không nhớ"), None);
    }
}
