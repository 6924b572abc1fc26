//! A random run of every protocol, as one number. Compiled natively and to wasm; both must agree.

use synod_protocols::ALL;
use synod_tests::RandomRun;

/// The fingerprints of run `seed` of every protocol, folded into one.
#[unsafe(no_mangle)]
// The export needs its plain name; nothing else here is unsafe.
#[allow(unsafe_code)]
pub extern "C" fn fingerprint(seed: u32) -> u64 {
    ALL.iter().fold(0, |folded, entry| {
        let mut run = RandomRun::new(entry, u64::from(seed), &[]);
        for _ in 0..80 {
            run.go_on();
        }
        folded ^ run.simulation.fingerprint().rotate_left(folded as u32 & 63)
    })
}
