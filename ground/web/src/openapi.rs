//! The document of the API, and a page to read it without anything from another host.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};
use serde_json::Value;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, RefOr, Required,
    ResponseBuilder, Type,
};

use crate::filters;
use crate::house::{House, Settings};
use crate::routes::Door;
use crate::shell::{Page, Shell};
use crate::visit::Visit;

/// The document without any room yet.
pub(crate) fn document(settings: &Settings) -> OpenApi {
    let info = InfoBuilder::new()
        .title("motcua")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Every step of a dossier as JSON. Sign in with a session token in `Authorization: Bearer`. Calls behind a sign-in that change \
             something take `Idempotency-Key`. Errors are `application/problem+json` (RFC 9457).",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0 OR MIT").build()))
        .contact(Some(ContactBuilder::new().name(Some(settings.province.clone())).build()))
        .build();
    let session = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token of a session: `POST /api/v1/sign-in`."))
        .build();
    let components = ComponentsBuilder::new().security_scheme(SESSION, SecurityScheme::Http(session)).build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

const SESSION: &str = "session";

/// Adds to a call what follows from its door and its method: who must be signed in, and the key that makes it safe to ask again.
pub(crate) fn complete(operation: &mut Operation, door: Door, method: &Method) {
    if door != Door::Public {
        operation.security = Some(vec![SecurityRequirement::new(SESSION, Vec::<String>::new())]);
        let mut refused = |status: &str, words: &str| {
            let answer = || RefOr::T(ResponseBuilder::new().description(words).build());
            operation.responses.responses.entry(status.to_owned()).or_insert_with(answer);
        };
        refused("401", "Nobody is signed in.");
        refused("403", "This person may not; what they may not know of is a 404.");
    }
    // a key belongs to a session: what gives the secret that opens one is asked anew
    if method != Method::GET && door != Door::Public {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Up to 64 characters, made by the caller: asked again with it, a call gives the same answer and changes nothing.",
            ))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(64)).build()))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(key));
    }
}

/// The document as it is served.
#[derive(Clone)]
pub(crate) struct Document {
    json: Arc<str>,
    groups: Arc<[Group]>,
}

impl Document {
    pub(crate) fn new(document: &OpenApi) -> Document {
        let json = document.to_json().unwrap_or_else(|_| "{}".into());
        let value: Value = serde_json::from_str(&json).unwrap_or_default();
        Document { json: json.into(), groups: groups(&value).into() }
    }
}

/// `/api/openapi.json`
pub(crate) async fn json(Extension(document): Extension<Document>) -> Response {
    let mut response = document.json.to_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Calls that belong together.
struct Group {
    name: String,
    id: String,
    calls: Vec<Call>,
}

/// One call, as people read it.
struct Call {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    parameters: Vec<Line>,
    body: Vec<Line>,
    answers: Vec<Answer>,
}

/// A parameter or a field.
struct Line {
    name: String,
    kind: String,
    required: bool,
    about: String,
}

struct Answer {
    status: String,
    about: String,
    fields: Vec<Line>,
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Follows a `$ref` once.
fn follow<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/"));
    named.and_then(|path| root.pointer(&format!("/{path}"))).unwrap_or(schema)
}

/// The type of a schema in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
        return choices.iter().map(kind).filter(|k| k != "null").collect::<Vec<_>>().join(" | ");
    }
    let types: Vec<String> = match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).filter(|t| *t != "null").map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if types.iter().any(|t| t == "array") {
        return format!("[{}]", schema.get("items").map(kind).unwrap_or_default());
    }
    let format = text(schema, "format");
    let values =
        schema.get("enum").and_then(Value::as_array).map(|v| v.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "));
    match values {
        Some(values) => values,
        None if format.is_empty() => types.join(" | "),
        None => format!("{} ({format})", types.join(" | ")),
    }
}

/// The fields of an object schema.
fn fields(root: &Value, schema: &Value) -> Vec<Line> {
    let schema = follow(root, schema);
    let schema = match schema.get("type").and_then(Value::as_str) {
        Some("array") => schema.get("items").map_or(schema, |i| follow(root, i)),
        _ => schema,
    };
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|r| r.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let line = |(name, schema): (&String, &Value)| Line {
        name: name.clone(),
        kind: kind(schema),
        required: required.contains(&name.as_str()),
        about: text(schema, "description"),
    };
    properties.iter().map(line).collect()
}

fn content_schema(value: &Value) -> Option<&Value> {
    value.get("content")?.as_object()?.values().next()?.get("schema")
}

fn call(root: &Value, path: &str, method: &str, operation: &Value) -> Call {
    let empty = Vec::new();
    let parameters = operation.get("parameters").and_then(Value::as_array).unwrap_or(&empty);
    let parameter = |p: &Value| Line {
        name: text(p, "name"),
        kind: format!("{}, {}", text(p, "in"), p.get("schema").map(kind).unwrap_or_default()),
        required: p.get("required").and_then(Value::as_bool).unwrap_or(false),
        about: text(p, "description"),
    };
    let body = operation.get("requestBody").and_then(content_schema).map(|s| fields(root, s)).unwrap_or_default();
    let answers = operation.get("responses").and_then(Value::as_object).map(|all| {
        let answer = |(status, value): (&String, &Value)| Answer {
            status: status.clone(),
            about: text(value, "description"),
            fields: content_schema(value).map(|s| fields(root, s)).unwrap_or_default(),
        };
        all.iter().map(answer).collect()
    });
    Call {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(operation, "summary"),
        about: text(operation, "description"),
        parameters: parameters.iter().map(parameter).collect(),
        body,
        answers: answers.unwrap_or_default(),
    }
}

/// Calls by their first tag, in the order of the document.
fn groups(root: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let Some(paths) = root.get("paths").and_then(Value::as_object) else { return groups };
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let name = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("api").to_owned();
            let call = call(root, path, method, operation);
            match groups.iter_mut().find(|g| g.name == name) {
                Some(group) => group.calls.push(call),
                None => groups.push(Group { id: format!("g-{}", groups.len()), name, calls: vec![call] }),
            }
        }
    }
    groups
}

#[derive(Template)]
#[template(path = "pages/api.html")]
struct ApiPage {
    groups: Arc<[Group]>,
    problems: Vec<(u16, &'static str, &'static str)>,
}

/// Every word that may stand in the `type` of a problem of the API, with its status and what it means.
fn problems() -> Vec<(u16, &'static str, &'static str)> {
    vec![
        (400, "unreadable", "Yêu cầu không đọc được."),
        (401, "sign-in", "Cần mã phiên trong Authorization; khi đăng nhập: tên hoặc mật khẩu chưa đúng."),
        (403, "denied", "Không có quyền làm việc này."),
        (403, "stale-form", "Có cookie mà thiếu X-CSRF, hoặc không khớp."),
        (404, "not-found", "Không có, hoặc không được biết là có."),
        (405, "wrong-method", "Địa chỉ này không nhận phương thức đó."),
        (409, "objection", "Quy tắc không cho làm, kèm căn cứ."),
        (409, "conflict", "Người khác vừa sửa trước."),
        (409, "key-reused", "Idempotency-Key này đã dùng cho nội dung khác."),
        (413, "too-large", "Quá mức nhận được."),
        (415, "wrong-type", "Nội dung không đúng loại nhận được."),
        (422, "fault", "Có trường sai, nêu trong errors; gồm cả tệp nặng quá mức hoặc không đúng loại."),
        (429, "too-often", "Gọi quá nhiều; xem Retry-After."),
        (500, "ours", "Lỗi của máy chủ; không có gì ghi nửa chừng."),
        (503, "away", "Gián đoạn tạm thời; thử lại sau."),
        (503, "unanswered", "Nơi được hỏi chưa trả lời; thử lại sau."),
    ]
}

/// `/api`: the document as people read it.
pub(crate) async fn page(
    State(house): State<House>,
    visit: Visit,
    Extension(document): Extension<Document>,
) -> Page<impl Template> {
    let shell = Shell::citizen(&visit, &house).title("Giao diện lập trình (API)").main_class("page api").compact(true);
    Page::new(shell, ApiPage { groups: document.groups.clone(), problems: problems() })
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::problem::Problem;
    use crate::session::Realm;

    #[test]
    fn the_page_of_the_api_knows_every_problem() {
        let all = [
            Problem::not_found(),
            Problem::denied(""),
            Problem::sign_in(Realm::Citizen),
            Problem::not_in(Realm::Officer, ""),
            Problem::objection("", ""),
            Problem::conflict(""),
            Problem::fault(vec![]),
            Problem::unreadable(""),
            Problem::stale_form(),
            Problem::too_large(1),
            Problem::wrong_type(""),
            Problem::too_often(1),
            Problem::ours(""),
            Problem::away(""),
            Problem::unanswered(""),
            Problem::wrong_method(),
            store::Error::KeyReused.into(),
        ];
        for problem in all {
            let of = (problem.status().as_u16(), problem.kind());
            let known = problems().iter().any(|(status, kind, _)| (*status, *kind) == of);
            assert!(known, "{problem}");
        }
    }
}
