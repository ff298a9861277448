//! The binary: everything is in the library, so that tests drive it headless.

use std::process::ExitCode;

fn main() -> ExitCode {
    warroom::cli::main()
}
