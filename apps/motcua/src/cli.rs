//! The words of the command line.
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// One door for everything a citizen asks of the province.
#[derive(Parser, Debug)]
#[command(name = "motcua", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// Settings file (default: motcua.toml in the data folder).
    #[arg(long, global = true, env = "MOTCUA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serves the province.
    Serve,
    /// Loads the demo province, walks one dossier through it once, and serves it.
    Demo(Demo),
    /// Brings in procedures or units from a file.
    Import {
        /// What the file holds.
        #[arg(value_enum)]
        what: ImportKind,
        /// JSONL, CSV or XLSX. With `--template`: the file to write; without one it goes to standard output.
        #[arg(required_unless_present = "template")]
        file: Option<PathBuf>,
        /// Writes an empty file to fill instead of importing one: `csv`, `xlsx` or `jsonl` (units: `csv`, `xlsx`).
        #[arg(long, value_name = "FORMAT")]
        template: Option<TemplateKind>,
    },
    /// People who sign in.
    User {
        /// What to do.
        #[command(subcommand)]
        what: User,
    },
    /// Looks for trouble and says what to do about it.
    Doctor,
    /// Writes everything into one file that either database can read back.
    Backup {
        /// The file to write (.zip).
        file: PathBuf,
    },
    /// Reads a backup into an empty database.
    Restore {
        /// The file to read.
        file: PathBuf,
    },
    /// Evidence: the daily bill and what it proves.
    Audit {
        /// What to do.
        #[command(subcommand)]
        what: Audit,
    },
    /// Settings.
    Config {
        /// What to do.
        #[command(subcommand)]
        what: Config,
    },
    /// Checks numbers, one a line.
    Check(Check),
    /// Computes due times, lunar dates and Tết, one question a line.
    Calc(Calc),
    /// What an address written the old way means today.
    Resolve(Resolve),
    /// Searches, one question a line.
    Search {
        /// What to search.
        #[arg(value_enum)]
        what: SearchKind,
        /// The words; `-` reads one question a line.
        words: Vec<String>,
    },
    /// Prints the OpenAPI document.
    Openapi,
}

/// Options of the demo.
#[derive(Args, Debug)]
pub struct Demo {
    /// Loads and walks, then ends instead of serving.
    #[arg(long)]
    pub once: bool,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// Procedures.
    Procedures,
    /// Units.
    Units,
}

/// Formats of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TemplateKind {
    /// Text with separators.
    Csv,
    /// A workbook.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

/// What can be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SearchKind {
    /// Procedures.
    Procedures,
}

/// Acts on people.
#[derive(Subcommand, Debug)]
pub enum User {
    /// Adds a person with a post and a password (read from standard input, or made and shown once).
    Add {
        /// Sign-in name.
        #[arg(long)]
        login: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// Code or name of the unit.
        #[arg(long)]
        unit: Option<String>,
        /// Roles, separated by commas: desk_officer, case_officer, leader, clerk, desk_head, administrator, catalogue_editor, auditor.
        #[arg(long, value_delimiter = ',')]
        role: Vec<String>,
        /// Reads the password from standard input instead of making one.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Acts on evidence.
#[derive(Subcommand, Debug)]
pub enum Audit {
    /// Writes a bill of everything until now, and has it stamped when an authority is set.
    Bill,
    /// Walks bills, lists, log, looks and stamps; exit code 1 when anything does not fit.
    Verify {
        /// Root certificates of the time-stamping authority, PEM (default: audit.roots).
        #[arg(long, value_name = "FILE")]
        roots: Option<PathBuf>,
    },
    /// Writes all evidence into a folder, for sha256sum and openssl.
    Export {
        /// The folder; empty or not there.
        folder: PathBuf,
    },
}

/// Acts on settings.
#[derive(Subcommand, Debug, Clone, Copy)]
pub enum Config {
    /// Shows every setting, where it comes from, and what is wrong with it.
    Check,
}

/// Number checks.
#[derive(Args, Debug)]
pub struct Check {
    /// What the numbers are.
    #[arg(value_enum)]
    pub what: CheckKind,
    /// The numbers; `-` reads one a line.
    #[arg(required = true)]
    pub values: Vec<String>,
}

/// Kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckKind {
    /// Twelve-digit personal number.
    CitizenId,
    /// Tax code.
    TaxCode,
}

/// Understanding what people write.
#[derive(Debug, Args)]
pub struct Resolve {
    /// What.
    #[arg(value_enum)]
    pub what: ResolveKind,
    /// Addresses; `-` reads them from standard input, one a line.
    #[arg(required = true, allow_hyphen_values = true)]
    pub values: Vec<String>,
}

/// What is understood.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ResolveKind {
    /// Old commune and district to the commune of today.
    Address,
}

/// Calculations.
#[derive(Args, Debug)]
pub struct Calc {
    /// What to compute.
    #[arg(value_enum)]
    pub what: CalcKind,
    /// The questions; `-` reads one a line.
    #[arg(required = true, allow_hyphen_values = true)]
    pub values: Vec<String>,
}

/// Kinds of calculations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CalcKind {
    /// Due time, from a JSON question.
    Due,
    /// Lunar date of a solar date.
    Lunar,
    /// Tết and Giỗ Tổ of a year.
    Tet,
    /// Holidays the law proposes for a year, before the yearly notice.
    Holidays,
}
