//! A body of JSON that is not what its call takes: what the framework says of it in English becomes a fault at the field's name.

use crate::i18n::words;
use crate::problem::FieldFault;

/// How axum begins when the JSON is sound but not of the call's type.
const BEGINS: &str = "Failed to deserialize the JSON body into the target type: ";

/// The fault at its field; none when something else was said.
///
/// What follows the beginning is the path to the field, where there is one, and the words of serde: `applicant.phne: unknown field `phne`,
/// expected one of … at line 1 column 20`.
pub(crate) fn fault(said: &str) -> Option<FieldFault> {
    let said = said.strip_prefix(BEGINS)?;
    let kinds = [
        (
            "unknown field `",
            words("Lời gọi này không có trường nào tên như vậy nên chưa làm gì. Xem lại tên trường ở trang /api."),
        ),
        ("missing field `", words("Thiếu trường này.")),
    ];
    for (kind, message) in kinds {
        let Some((path, named)) = said.split_once(kind) else { continue };
        let name = named.split('`').next().unwrap_or_default();
        let path = path.trim_end_matches(": ").trim_end_matches(".?");
        let field = match path.rsplit('.').next() {
            // serde names an unknown field in the path as well
            _ if path.is_empty() => name.to_owned(),
            Some(last) if last == name => path.to_owned(),
            _ => format!("{path}.{name}"),
        };
        return Some(FieldFault::new(field, message));
    }
    let (path, _) = said.split_once(": ")?;
    let is_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    is_path.then(|| FieldFault::new(path, words("Giá trị này không phải kiểu mà trường nhận. Xem kiểu của trường ở trang /api.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::{FromRequest, Json};
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // read by serde
    struct Part {
        count: u8,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)] // read by serde
    struct Also {
        why: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // read by serde
    struct Order {
        parts: Vec<Part>,
        #[serde(flatten)]
        also: Also,
    }

    /// What the framework says of a body, and the field it is about.
    async fn field_of<T: serde::de::DeserializeOwned + std::fmt::Debug>(body: &'static str) -> String {
        let request = http::Request::post("/").header("content-type", "application/json").body(Body::from(body));
        let refused = Json::<T>::from_request(request.expect("a request"), &()).await.expect_err("it is refused");
        fault(&refused.body_text()).unwrap_or_else(|| panic!("no field in {}", refused.body_text())).field
    }

    #[tokio::test]
    async fn what_a_call_does_not_take_is_named_wherever_it_stands() {
        assert_eq!(field_of::<Part>(r#"{"count":1,"counted":2}"#).await, "counted");
        assert_eq!(field_of::<Order>(r#"{"parts":[],"hapened_at":"now"}"#).await, "hapened_at", "beside fields taken in whole");
        assert_eq!(field_of::<Order>(r#"{"parts":[{"count":1},{"coun":2}]}"#).await, "parts[1].coun");
    }

    #[tokio::test]
    async fn what_lacks_and_what_is_of_another_kind_is_named_too() {
        assert_eq!(field_of::<Part>("{}").await, "count");
        assert_eq!(field_of::<Order>("{}").await, "parts");
        assert_eq!(field_of::<Order>(r#"{"parts":[{}]}"#).await, "parts[0].count");
        assert_eq!(field_of::<Order>(r#"{"parts":[{"count":"many"}]}"#).await, "parts[0].count");
    }

    #[test]
    fn what_is_no_json_at_all_is_nobodys_field() {
        assert_eq!(fault("Failed to parse the request body as JSON: EOF while parsing"), None);
        assert_eq!(fault("Failed to deserialize the JSON body into the target type: invalid type: map, expected u8"), None);
    }
}
