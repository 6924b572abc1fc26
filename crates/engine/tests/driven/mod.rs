//! A simulation driven by text, as the engine's tests do it.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;

/// Does one input, or gives why it is refused.
pub fn done(sim: &mut Simulation, line: &str) -> Result<(), String> {
    let input = sim.parse(&Value::string(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
    sim.inject(input).map(|_| ()).map_err(|error| error.message)
}

/// Inputs with `;` between them; `+50` lets 50 ms pass.
pub fn play(sim: &mut Simulation, lines: &str) {
    for line in lines.split(';').map(str::trim) {
        match line.strip_prefix('+') {
            Some(ms) => {
                let until = sim.now() + ms.parse::<u64>().expect("ms") * 1_000;
                sim.run_to(until);
            }
            None => done(sim, line).unwrap_or_else(|error| panic!("{line}: {error}")),
        }
    }
}
