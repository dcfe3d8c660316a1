//! The program that trunk compiles to WebAssembly; everything is in the library, so that
//! its logic is tested natively.

fn main() {
    fanbase_web::start();
}
