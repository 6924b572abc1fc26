//! Prints the native fingerprints of some runs, for the test that compares them with wasm's.

fn main() {
    for seed in 0..40 {
        println!("{seed} {:016x}", synod_border::fingerprint(seed));
    }
}
