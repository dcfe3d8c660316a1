//! The web app is part of the binary, so that a new one means a new binary.
#![expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
