//! The all-in-one binary and the operator's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    parlance::main()
}
