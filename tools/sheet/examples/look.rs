//! What is in a table: `cargo run -p motcua-sheet --example look -- FILE`. Says the format, the header, the rows and each fault,
//! with the time and the memory it took.

use std::io::BufReader;
use std::time::Instant;

use sheet::{Error, Format, Limits, jsonl, open};

fn main() -> Result<(), Error> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let start = Instant::now();
    let mut file = std::fs::File::open(&path)?;
    let limits = Limits::default();
    let (mut good, mut bad) = (0u64, 0u64);
    let mut count = |fault: Option<Error>| match fault {
        None => good += 1,
        Some(error) => {
            bad += 1;
            if bad <= 10 {
                println!("{error}");
            }
        }
    };
    if Format::of(&mut file)? == Format::Jsonl {
        jsonl::<serde_json::Value>(BufReader::new(file), &limits)?.for_each(|line| count(line.err()));
    } else {
        let sheet = open(file, &[], &limits)?;
        println!("{:?}, header in line {}: {}", sheet.format, sheet.header.line, sheet.header.names.join(" | "));
        sheet.rows.for_each(|row| count(row.err()));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("").trim();
    println!("{good} rows, {bad} faults, {:.0} ms, {peak} at most", start.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}
