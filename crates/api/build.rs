//! The web app is part of the binary, so that a new one means a new binary.

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
