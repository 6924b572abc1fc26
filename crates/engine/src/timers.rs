//! A protocol's timers: what they are called, and the numbers by which the engine keeps them.

use std::convert::Infallible;

use crate::meta::{TimerCode, TimerKind};
use crate::names::{ClientId, NodeId};

/// The timers of a protocol, made by [`crate::timers!`]. `Infallible` is for one that has none.
pub trait Timers: Copy {
    /// Every kind of timer, in the order in which they are declared.
    const KINDS: &'static [TimerKind];
    /// The numbers by which the engine keeps this timer.
    fn code(self) -> TimerCode;
    /// The timer that has this code: only codes that [`Timers::code`] made come back.
    fn of(code: TimerCode) -> Self;
}

impl Timers for Infallible {
    const KINDS: &'static [TimerKind] = &[];
    fn code(self) -> TimerCode {
        match self {}
    }
    fn of(_code: TimerCode) -> Infallible {
        unreachable!("nobody could set a timer")
    }
}

/// What tells apart several timers of one kind.
pub trait TimerKey: Copy {
    /// The number that stands for it in a [`TimerCode`].
    fn number(self) -> u32;
    /// What a number stands for.
    fn of(number: u32) -> Self;
}

impl TimerKey for u32 {
    fn number(self) -> u32 {
        self
    }
    fn of(number: u32) -> u32 {
        number
    }
}

impl TimerKey for NodeId {
    fn number(self) -> u32 {
        self.0
    }
    fn of(number: u32) -> NodeId {
        NodeId(number)
    }
}

impl TimerKey for ClientId {
    fn number(self) -> u32 {
        self.0
    }
    fn of(number: u32) -> ClientId {
        ClientId(number)
    }
}

/// Declares the timers of a protocol: an enum, and with it their codes and what is said of them. Each has an
/// id, a name, and the sentence that is told when it goes off; one, the `ring`, is drawn about the node. Several
/// of one kind have a key, which is a number, a node or a client.
///
/// ```
/// use synod_engine::names::NodeId;
/// use synod_engine::text::text;
/// use synod_engine::timers::Timers;
///
/// synod_engine::timers! {
///     pub enum Timer {
///         Tell => ring("tell", text("time to tell", "广播时间"), text("{node} tells the others.", "{node} 该广播了。")),
///         Answer(from: NodeId) => timer("answer", text("timeout", "超时"), text("{node} waits no longer.", "{node} 不再等待。")),
///     }
/// }
///
/// assert_eq!(Timer::KINDS[1].id, "answer");
/// assert_eq!(Timer::of(Timer::Answer(NodeId(3)).code()), Timer::Answer(NodeId(3)));
/// ```
#[macro_export]
macro_rules! timers {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $timer:ident $(($key:ident: $of:ty))? => $shown:ident($id:literal, $label:expr, $says:expr $(,)?)),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[$doc])* $timer $(($of))?),+
        }

        const _: () = {
            /// The places of the kinds.
            enum Kind {
                $($timer),+
            }
            impl $crate::timers::Timers for $name {
                const KINDS: &'static [$crate::protocol::TimerKind] = &[
                    $($crate::protocol::TimerKind { id: $id, name: $label, ring: $crate::timers!(@ $shown), says: $says }),+
                ];
                fn code(self) -> $crate::protocol::TimerCode {
                    match self {
                        $($name::$timer $(($key))? => {
                            let key = 0 $(+ $crate::timers::TimerKey::number($key))?;
                            $crate::protocol::TimerCode { kind: Kind::$timer as u16, key }
                        })+
                    }
                }
                fn of(code: $crate::protocol::TimerCode) -> $name {
                    $(if code.kind == Kind::$timer as u16 {
                        return $name::$timer $((<$of as $crate::timers::TimerKey>::of(code.key)))?;
                    })+
                    unreachable!("a timer's code was made by the timer")
                }
            }
        };
    };
    (@ ring) => { true };
    (@ timer) => { false };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::text;

    crate::timers! {
        enum Timer {
            /// Drawn.
            Beat => ring("beat", text("beat", "心跳"), text("{node} beats.", "{node} 心跳。")),
            Wait(of: ClientId) => timer("wait", text("wait", "等待"), text("{node} waits.", "{node} 等待。")),
            Lock(of: u32) => timer("lock", text("lock", "锁"), text("{node} unlocks.", "{node} 解锁。"))
        }
    }

    #[test]
    fn codes_go_both_ways_and_kinds_stand_in_their_order() {
        for timer in [Timer::Beat, Timer::Wait(ClientId(0)), Timer::Wait(ClientId(7)), Timer::Lock(9)] {
            assert_eq!(Timer::of(timer.code()), timer);
        }
        assert_eq!(Timer::Beat.code(), TimerCode::only(0));
        assert_eq!(Timer::Lock(9).code(), TimerCode { kind: 2, key: 9 });
        let kinds: Vec<(&str, bool)> = Timer::KINDS.iter().map(|kind| (kind.id, kind.ring)).collect();
        assert_eq!(kinds, [("beat", true), ("wait", false), ("lock", false)]);
    }
}
