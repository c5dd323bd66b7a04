//! Rebuilds the program when a default template or theme file is added,
//! which the embedding macro alone does not notice.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=theme");
}
