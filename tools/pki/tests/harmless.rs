//! Whatever comes in, nothing panics.
use super::{Request, Roots, Tsa, roots, stamped, sum, tsp};
use proptest::prelude::*;
use std::sync::LazyLock;

static KNOWN: LazyLock<(Vec<u8>, Vec<u8>, Roots)> = LazyLock::new(|| {
    let tsa = Tsa::new();
    let answer = tsa.reply(&Request::new(sum(), 3).to_der().unwrap());
    (stamped(&tsa).0, answer, roots(&tsa))
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = tsp::verify(&bytes, &sum(), &KNOWN.2);
        let _ = Request::new(sum(), 3).accept(&bytes, &KNOWN.2);
        let _ = Roots::from_pem(&bytes);
    }

    #[test]
    fn a_spoilt_token_never_panics_and_never_says_another_time(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (token, answer, roots) = &*KNOWN;
        for (whole, is_answer) in [(token, false), (answer, true)] {
            let judged = |bytes: &[u8]| match is_answer {
                true => Request::new(sum(), 3).accept(bytes, roots).map(|(_, stamp)| stamp),
                false => tsp::verify(bytes, &sum(), roots),
            };
            let right = judged(whole).unwrap();
            let mut spoilt = whole.clone();
            for (at, with) in &changes {
                *at.get_mut(&mut spoilt[..]) = *with;
            }
            // what is outside of the signature may change (a certificate nobody needs), the statement may not
            if let Ok(stamp) = judged(&spoilt) {
                prop_assert_eq!(stamp, right);
            }
        }
    }
}
