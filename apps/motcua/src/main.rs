//! The program; everything stands in the library, so that the tests of the house reach it.
fn main() -> std::process::ExitCode {
    motcua::main()
}
