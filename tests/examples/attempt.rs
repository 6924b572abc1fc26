//! Solves the task of a step, and shows what came of it: `cargo run -p synod-tests --example attempt raft/elect steady`.

use std::path::Path;

use synod_engine::value::Value;
use synod_tests::lessons;

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [lesson, step, ..] = &args[..] else { return Err("which lesson, and which step?".into()) };
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    let found = lessons::all(&protocols)?.into_iter().find(|one| one.id == *lesson);
    let (mut player, mut run) = lessons::open(found.ok_or("there is no such lesson")?)?;
    let place = player.lesson.steps.iter().position(|one| one.id == *step).ok_or("there is no such step")?;
    player.reach(&mut run, place).map_err(|why| why.to_string())?;
    let mut future = player.future(&mut run, place, None).map_err(|why| why.to_string())?;
    let from = future.next_seq();
    let end = future.end();
    future.seek(end);
    println!("{:?} from {} to {end}", player.judge(&future, place), run.now());
    future.each_record(from, u64::MAX, &mut |record| {
        let says = record.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
        println!("  {} {says}", record.get("time").map(Value::shown).unwrap_or_default());
    });
    if let Some(task) = &player.lesson.steps[place].task {
        let since = player.known(place).map_or(0, |mark| mark.until);
        let scene = synod_lessons::Scene { run: &future, from, since };
        for goal in &task.goal {
            println!("{}: {:?}", goal.text, goal.contrary(&scene));
        }
    }
    Ok(())
}
