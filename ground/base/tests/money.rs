use base::Money;
use base::money::MoneyError;
use proptest::prelude::*;

proptest! {
    #[test]
    fn an_amount_reads_back_as_shown(amount in -i64::MAX..=i64::MAX) {
        let money = Money::dong(amount);
        prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(money));
    }

    #[test]
    fn sums_overflow_visibly(a in any::<i64>(), b in any::<i64>()) {
        prop_assert_eq!(Money::dong(a).checked_add(Money::dong(b)).map(Money::amount), a.checked_add(b));
        prop_assert_eq!(Money::dong(a).checked_sub(Money::dong(b)).map(Money::amount), a.checked_sub(b));
        prop_assert_eq!(Money::dong(a).checked_mul(b).map(Money::amount), a.checked_mul(b));
    }

    #[test]
    fn no_text_makes_an_amount_panic(text in ".{0,20}", near in "[0-9., \\-đ]{0,24}") {
        let _ = (text.parse::<Money>(), near.parse::<Money>());
    }
}

#[test]
fn amounts_are_shown_with_groups_and_the_word() {
    assert_eq!(Money::dong(50_000).to_string(), "50.000 đồng");
    assert_eq!(Money::ZERO.to_string(), "0 đồng");
    assert_eq!(Money::dong(1_234_567).to_string(), "1.234.567 đồng");
}

#[test]
fn amounts_are_read_as_people_write_them_but_never_guessed() {
    for text in ["50000", "50.000", "50,000", "50 000", "50.000 đồng", "50.000đ", "50000 VND", " 50.000 VNĐ "] {
        assert_eq!(text.parse(), Ok(Money::dong(50_000)), "{text}");
    }
    for text in ["50.00", "5.0000", "50.000,00", "50k", ".000", "1.000.", "năm mươi nghìn", "5-0"] {
        assert_eq!(text.parse::<Money>(), Err(MoneyError::Form), "{text}");
    }
    assert_eq!("đồng".parse::<Money>(), Err(MoneyError::Empty));
    assert_eq!("99999999999999999999".parse::<Money>(), Err(MoneyError::TooLarge));
}
