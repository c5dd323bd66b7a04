//! Rebuilds the program when a file that it holds is added: a default template,
//! a file of the theme or of a new handbook. The embedding macro alone does not
//! notice.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=theme");
    println!("cargo::rerun-if-changed=src/author/init");
}
