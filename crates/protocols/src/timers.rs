//! The timers of a protocol that elects a leader, whose heartbeats keep the others from standing.

use synod_engine::error::{Part, Why, why};
use synod_engine::text::text;
use synod_engine::timers;
use synod_engine::units::{MS, Micros};

timers! {
    pub enum Timer {
        Election => ring(
            "election",
            text("election timeout", "选举超时"),
            text("{node} has waited out its election timeout.", "{node} 的选举超时已到。"),
        ),
        Heartbeat => timer(
            "heartbeat",
            text("heartbeat", "心跳"),
            text("It is time for a heartbeat of {node}.", "{node} 该发送心跳了。"),
        ),
    }
}

/// Whoever stands for election hears from every place before its timeout, or it would stand again and again.
pub fn check_trips((least, _): (Micros, Micros), longest: Micros) -> Result<(), Why> {
    if least > longest {
        return Ok(());
    }
    let ms = longest.div_ceil(MS);
    let words = text(
        "electionTimeout begins above the longest round trip between places, {trip} ms: {right} would be right",
        "electionTimeout 的下限应大于各地之间最长的往返时间 {trip} ms：可以设为 {right}",
    );
    let right = Part::name(format!("[{}, {}]", 2 * ms, 4 * ms));
    Err(why(words, [("trip", Part::count(ms)), ("right", right)]))
}
