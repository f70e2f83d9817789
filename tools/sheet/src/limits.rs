//! How large a file may be.

/// Bounds of what is read. Everything a reader keeps in memory is bounded by these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of a workbook after unpacking, all parts together.
    pub unpacked: u64,
    /// Rows below the header.
    pub rows: u64,
    /// Columns of a row.
    pub columns: usize,
    /// Bytes of one cell.
    pub cell: usize,
    /// Bytes of one line of JSONL.
    pub line: usize,
}

impl Default for Limits {
    /// 64 MiB, 200,000 rows, 256 columns, cells of 256 KiB: several times the largest catalogue of procedures.
    fn default() -> Self {
        Self { bytes: 64 << 20, unpacked: 256 << 20, rows: 200_000, columns: 256, cell: 256 << 10, line: 4 << 20 }
    }
}
