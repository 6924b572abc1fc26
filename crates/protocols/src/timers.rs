//! The timers of a protocol that elects a leader, whose heartbeats keep the others from standing.

use synod_engine::text::text;
use synod_engine::timers;

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
