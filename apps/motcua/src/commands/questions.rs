//! `check`, `calc` and `resolve`: one question a line in, one JSON object a line out, for integrators who check their own work against ours.
use crate::cli::{CalcKind, CheckKind, ResolveKind};
use base::{Clock, ask::Question, calendar::WorkCalendar};
use miette::{IntoDiagnostic, Result};
use serde_json::Value;
use std::io::{BufRead, Write};

/// Answers every question in order; `-` stands for the lines of standard input.
pub fn answer_all(questions: &[String], mut answer: impl FnMut(&str) -> Result<Value>) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut say = |question: &str| -> Result<()> { writeln!(out, "{}", answer(question.trim())?).into_diagnostic() };
    for question in questions {
        if question == "-" {
            // A line of another encoding gets its answer too; the lines after it are not lost.
            for line in std::io::stdin().lock().split(b'\n') {
                say(&String::from_utf8_lossy(&line.into_diagnostic()?))?;
            }
        } else {
            say(question)?;
        }
    }
    out.flush().into_diagnostic()
}

/// `check citizen-id`, `check tax-code`.
pub fn check(what: CheckKind, values: &[String]) -> Result<()> {
    let question = match what {
        CheckKind::CitizenId => Question::CitizenId,
        CheckKind::TaxCode => Question::TaxCode,
    };
    ask(question, values)
}

/// `calc due`, `calc lunar`, `calc tet`, `calc holidays`.
pub fn calc(what: CalcKind, values: &[String]) -> Result<()> {
    let question = match what {
        CalcKind::Due => Question::Due,
        CalcKind::Lunar => Question::Lunar,
        CalcKind::Tet => Question::Tet,
        CalcKind::Holidays => Question::Holidays,
    };
    ask(question, values)
}

/// `resolve address`.
pub fn resolve(what: ResolveKind, values: &[String]) -> Result<()> {
    match what {
        ResolveKind::Address => answer_all(values, |line| serde_json::to_value(place::resolve(line)).into_diagnostic()),
    }
}

fn ask(question: Question, values: &[String]) -> Result<()> {
    let (calendar, today) = (WorkCalendar::vietnam(), Clock::system().now().date());
    answer_all(values, |line| Ok(question.answer(line, &calendar, today)))
}
