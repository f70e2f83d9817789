//! `config check`: every setting, where it comes from, what is wrong with it.
use crate::{
    cli::Cli,
    config::{Config, Finding},
    say::{lang, say},
};
use miette::{IntoDiagnostic, Result};
use serde_json::{Value, json};
use std::{io::Write, process::ExitCode};
use web::words;

/// One setting as shown to people.
pub struct Setting {
    /// Dotted name.
    pub name: String,
    /// Value; secrets are covered.
    pub value: String,
    /// File, environment variable, or default.
    pub source: String,
}

/// Shows the settings and judges them; fails when the server would not start.
pub fn check(cli: &Cli) -> Result<ExitCode> {
    let config = Config::load(cli.config.as_deref())?;
    let settings = settings(cli.config.as_deref(), &config)?;
    let findings = config.findings();
    let fatal = findings.iter().any(|f| f.fatal);
    let mut out = std::io::stdout().lock();
    if cli.json {
        let remarks: Vec<Value> = findings
            .iter()
            .map(|f| json!({ "setting": f.setting, "message": f.message.say(lang()), "fatal": f.fatal }))
            .collect();
        let settings: Vec<Value> =
            settings.iter().map(|s| json!({ "name": s.name, "value": s.value, "source": s.source })).collect();
        writeln!(out, "{}", json!({ "settings": settings, "findings": remarks, "ok": !fatal })).into_diagnostic()?;
    } else {
        let wide = settings.iter().map(|s| s.name.len()).max().unwrap_or(0);
        for s in &settings {
            let (value, source) = (s.value.as_str(), s.source.as_str());
            let value = if value == "(set)" { say(words("(đã đặt)")) } else { value.to_owned() };
            let source = if source == "default" { say(words("mặc định")) } else { source.to_owned() };
            writeln!(out, "{:wide$}  {value}  ({source})", s.name).into_diagnostic()?;
        }
        for Finding { setting, message, fatal } in &findings {
            let mark = if *fatal { words("Sai: {0} {1}") } else { words("Lưu ý: {0} {1}") };
            writeln!(out, "{}", say(mark.with(setting).with_words(message.clone()))).into_diagnostic()?;
        }
    }
    Ok(if fatal { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Every setting with its source.
pub fn settings(file: Option<&std::path::Path>, config: &Config) -> Result<Vec<Setting>> {
    let figment = Config::figment(file)?;
    let shown = serde_json::to_value(config.shown()).into_diagnostic()?;
    let mut out = vec![];
    flatten("", &shown, &mut |name, value| {
        let source = figment.find_metadata(name).map_or_else(|| "default".to_owned(), |m| source(m, name));
        out.push(Setting { name: name.to_owned(), value, source });
    });
    Ok(out)
}

fn source(metadata: &figment::Metadata, name: &str) -> String {
    if let Some(figment::Source::File(path)) = &metadata.source {
        return path.display().to_string();
    }
    if metadata.name.contains("environment") {
        let key = name.replace('.', "__").to_uppercase();
        return if metadata.name.contains("MOTCUA_") { format!("MOTCUA_{key}") } else { key };
    }
    "default".into()
}

fn flatten(at: &str, value: &Value, give: &mut impl FnMut(&str, String)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                flatten(&name, value, give);
            }
        }
        Value::String(text) => give(at, text.clone()),
        other => give(at, other.to_string()),
    }
}
