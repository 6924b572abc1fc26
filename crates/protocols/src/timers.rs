//! The timers of a protocol that elects a leader, whose heartbeats keep the others from standing.

use synod_engine::protocol::{TimerCode, TimerKind};
use synod_engine::text::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    Election,
    Heartbeat,
}

impl Timer {
    pub fn code(self) -> TimerCode {
        TimerCode::only(self as u16)
    }
    pub fn of(code: TimerCode) -> Timer {
        if code == Timer::Election.code() { Timer::Election } else { Timer::Heartbeat }
    }
}

pub const TIMERS: &[TimerKind] = &[
    TimerKind {
        id: "election",
        name: text("election timeout", "选举超时"),
        ring: true,
        says: text("{node} has waited out its election timeout.", "{node} 的选举超时已到。"),
    },
    TimerKind {
        id: "heartbeat",
        name: text("heartbeat", "心跳"),
        ring: false,
        says: text("It is time for a heartbeat of {node}.", "{node} 该发送心跳了。"),
    },
];
