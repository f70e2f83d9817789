//! Every call that takes a body of JSON, sent with a field it does not have: nothing is done, and the field is named.
use crate::doors::app;
use crate::town::Town;
use http::Method;
use serde_json::{Map, Value, json};
use web::Route;

/// A field of no call; it is sent before all others, so that it is met first.
const NOBODYS: &str = "_of_nobody";

/// The schema of the JSON that a call takes.
fn taken<'d>(document: &'d Value, route: &Route) -> Option<&'d Value> {
    let call = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
    call["requestBody"]["content"]["application/json"].get("schema")
}

/// The least that a schema takes.
fn least(document: &Value, schema: &Value) -> Value {
    if let Some(named) = schema["$ref"].as_str() {
        let part = document.pointer(named.trim_start_matches('#'));
        return least(document, part.unwrap_or_else(|| panic!("no {named}")));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = choices.iter().find(|choice| choice["type"] != "null");
        return choice.map_or(Value::Null, |choice| least(document, choice));
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let fields = parts.iter().filter_map(|part| least(document, part).as_object().cloned()).flatten();
        return Value::Object(fields.collect());
    }
    match schema["type"].as_str() {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let fields = needed.map(|name| (name.to_owned(), least(document, &schema["properties"][name])));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ if schema["format"] == "uuid" => json!(uuid::Uuid::nil()),
        _ => json!("x"),
    }
}

#[test]
fn a_field_that_a_call_does_not_have_is_named_and_nothing_is_done() {
    testkit::run(async {
        let ((app, _place, _files), town) = (app().await, Town::alive().await);
        let document: Value = serde_json::from_str(&app.openapi.to_pretty_json().unwrap()).unwrap();
        let (made, mut called, mut wrong) = (town.made(), 0, vec![]);
        for route in app.routes.iter().filter(|r| r.method != Method::GET) {
            let Some(schema) = taken(&document, route) else { continue };
            called += 1;
            let least = least(&document, schema).to_string();
            let rest = if least == "{}" { "}".to_owned() } else { format!(",{}", &least[1..]) };
            let body = format!("{{\"{NOBODYS}\":1{rest}");
            let mut said = vec![];
            for token in &town.tokens {
                let url = format!("{}{}", town.base, town.filled(&route.path));
                let request = reqwest::Client::new().request(route.method.clone(), url).bearer_auth(token);
                let request = request.header("content-type", "application/json").header("idempotency-key", "nobodys");
                let answer = request.body(body.clone()).send().await.unwrap();
                let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
                let problem: Value = serde_json::from_str(&text).unwrap_or_default();
                said.push((status, problem["errors"][0]["field"].as_str().unwrap_or_default().to_owned()));
            }
            if !said.contains(&(422, NOBODYS.to_owned())) {
                wrong.push(format!("{} {}: {said:?}", route.method, route.path));
            }
        }
        assert!(wrong.is_empty(), "{} of {called}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(called >= 25, "only {called} calls take JSON: the document was not understood");
        assert_eq!(town.made(), made, "something was done");
    });
}
