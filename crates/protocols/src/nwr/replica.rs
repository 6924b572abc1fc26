//! A replica stores what is newer, and says what it holds.

use synod_engine::cx::Cx;
use synod_engine::prelude::*;

use super::state::*;
use super::{Nwr, mutants, rules};

pub fn hear(node: &mut Node<Nwr>, from: ClientId, message: Message, cx: &mut Cx<Nwr>) {
    let registers = &mut node.durable.registers;
    match message {
        Message::Put { serial, key, held } => {
            let number = Noted::number(held.version.number);
            let newer = registers.get(&key).is_none_or(|mine| held.version > mine.version);
            if cx.unless(&mutants::OVERWRITE, newer) {
                registers.insert_mut(key, held);
                cx.fire_noting(&rules::STORE, number);
            } else {
                cx.fire_noting(&rules::KEEP, number);
            }
            // What is newer stands for what is older: the write is as good as stored.
            cx.reply(from, Message::Stored { serial, version: held.version });
        }
        Message::Get { serial, key } => {
            let held = registers.get(&key).copied();
            match held {
                Some(held) => cx.fire_noting(&rules::FIND, Noted::number(held.version.number)),
                None => cx.fire(&rules::FIND_NOTHING),
            }
            cx.reply(from, Message::Found { serial, held });
        }
        Message::Stored { .. } | Message::Found { .. } => {}
    }
}
