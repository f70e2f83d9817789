//! Writes every sample as a PDF: `cargo run -p motcua-paper --example samples -- out/`.

use std::path::{Path, PathBuf};

use paper::{AcceptanceReceipt, Paper, ResultSheet, Slip, SupplementRequest};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "out".to_owned()));
    std::fs::create_dir_all(&out)?;
    write::<AcceptanceReceipt>(&out)?;
    write::<SupplementRequest>(&out)?;
    write::<Slip>(&out)?;
    write::<ResultSheet>(&out)
}

fn write<P: Paper>(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    for (name, sample) in P::samples() {
        let start = std::time::Instant::now();
        let (pdf, warnings) = paper::proof(&sample)?;
        println!("{name}.pdf  {} KB  {:.1} ms", pdf.len() / 1024, start.elapsed().as_secs_f64() * 1000.0);
        for warning in warnings {
            println!("  {warning}");
        }
        std::fs::write(out.join(format!("{name}.pdf")), pdf)?;
    }
    Ok(())
}
