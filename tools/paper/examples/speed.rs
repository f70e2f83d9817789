//! How long a form 01 takes and what it costs: `cargo run --release -p motcua-paper --example speed -- 500 2`
//! (papers, threads). Each paper is another one, so nothing is gained by remembering.

use std::time::{Duration, Instant};

use paper::{AcceptanceReceipt, Paper, render};

fn main() -> Result<(), paper::Error> {
    let mut arguments = std::env::args().skip(1).filter_map(|a| a.parse::<usize>().ok());
    let (papers, threads) = (arguments.next().unwrap_or(200), arguments.next().unwrap_or(1));
    println!("before: {} MB resident", resident());
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let start = Instant::now();
    let pdf = render(&sample)?;
    println!("cold: {:.1} ms, {} KB, {} MB resident", ms(start.elapsed()), pdf.len() / 1024, resident());

    let start = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let sample = sample.clone();
            std::thread::spawn(move || {
                (0..papers / threads)
                    .map(|n| {
                        let code = format!("H12.198-261120-{worker}{n:04}");
                        let mut paper =
                            AcceptanceReceipt { number: format!("{n:04}/TNHS"), code: code.clone(), ..sample.clone() };
                        paper.issue.id.clone_from(&code);
                        paper.lookup.qr = format!("https://motcua.example/tra-cuu?ma={code}");
                        paper.applicant.name = format!("Nguyễn Văn Mẫu {worker} {n}");
                        let start = Instant::now();
                        render(&paper).map(|_| start.elapsed())
                    })
                    .collect::<Result<Vec<Duration>, _>>()
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.join().expect("a worker does not panic")?);
    }
    let all = start.elapsed();
    times.sort();
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().map_or(0.0, ms);
    println!(
        "warm: {} papers on {threads} threads, p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, {:.0} papers/s, {} MB resident, {} MB at most",
        times.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        times.len() as f64 / all.as_secs_f64(),
        resident(),
        peak(),
    );
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn resident() -> u64 {
    status("VmRSS:")
}

fn peak() -> u64 {
    status("VmHWM:")
}

/// Megabytes from the kernel's own count; 0 where there is none.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}
