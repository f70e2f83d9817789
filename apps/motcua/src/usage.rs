//! A command line that is not understood, in the words of the terminal. `--help` itself is clap's, in English.
use crate::say::say;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::process::ExitCode;
use web::{Words, words};

/// The exit code of a command line that is not understood, as everywhere.
const MISUSED: u8 = 2;

/// Prints what clap found: help as it is, faults in our words.
pub fn tell(wrong: &clap::Error) -> ExitCode {
    if matches!(wrong.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = wrong.print();
        return ExitCode::SUCCESS;
    }
    eprintln!("{}", say(words("Lỗi: {0}").with_words(fault(wrong))));
    let choices = list(wrong, ContextKind::ValidValue).or_else(|| list(wrong, ContextKind::ValidSubcommand));
    if let Some(choices) = choices {
        eprintln!("{}", say(words("Chọn một trong: {0}").with(choices)));
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(meant) = near.into_iter().find_map(|kind| list(wrong, kind)) {
        eprintln!("{}", say(words("Có phải bạn định gõ: {0}").with(meant)));
    }
    eprintln!("{}", say(words("Cách dùng: motcua --help, hoặc thêm --help vào sau tên lệnh.")));
    ExitCode::from(MISUSED)
}

fn fault(wrong: &clap::Error) -> Words {
    let named = |kind| list(wrong, kind).unwrap_or_default();
    match wrong.kind() {
        ErrorKind::InvalidSubcommand => words("không có lệnh “{0}”.").with(named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => words("thiếu tên lệnh."),
        ErrorKind::UnknownArgument => words("không có tùy chọn “{0}”.").with(named(ContextKind::InvalidArg)),
        ErrorKind::MissingRequiredArgument => words("lệnh thiếu {0}.").with(named(ContextKind::InvalidArg)),
        ErrorKind::InvalidValue if named(ContextKind::InvalidValue).is_empty() => {
            words("{0} cần một giá trị.").with(named(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            words("“{0}” không dùng được cho {1}.").with(named(ContextKind::InvalidValue)).with(named(ContextKind::InvalidArg))
        }
        ErrorKind::ArgumentConflict => words("{0} không dùng lặp lại hoặc cùng lúc.").with(named(ContextKind::InvalidArg)),
        ErrorKind::InvalidUtf8 => words("dòng lệnh có chữ không phải UTF-8."),
        _ => words("không hiểu dòng lệnh ({0}).").with(wrong.kind()),
    }
}

fn list(wrong: &clap::Error, kind: ContextKind) -> Option<String> {
    match wrong.get(kind)? {
        ContextValue::String(text) => Some(text.clone()).filter(|t| !t.is_empty()),
        ContextValue::Strings(many) => Some(many.join(", ")).filter(|t| !t.is_empty()),
        _ => None,
    }
}
