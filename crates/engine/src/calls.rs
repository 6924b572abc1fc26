//! What clients did, call by call: who asked for what and when, and what came of it. It is read out of a run, and
//! no handler and no property sees it; it adds nothing to a fingerprint.

use crate::client::{Client, Outcome};
use crate::erased::{Definition, Opaque, Operation};
use crate::names::{ClientId, NodeId};
use crate::protocol::{Recorded, RecordedKind};
use crate::shared::SharedList;
use crate::units::Micros;
use crate::value::Value;

/// So many of the newest calls are kept, and up to twice as many before the oldest go.
pub const CALLS_KEPT: usize = 16_384;

/// One operation of a client.
#[derive(Clone)]
struct Call {
    client: ClientId,
    /// The node that the request named, or the one that answered it.
    node: Option<NodeId>,
    operation: Operation,
    begun: Micros,
    ended: Option<(Micros, Outcome)>,
    answer: Option<Opaque>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        (self.client, self.begun, self.ended) == (other.client, other.begun, other.ended)
    }
}

/// The calls of a run, in their order.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    calls: SharedList<Call>,
    /// Where each client's last call stands; it may have been dropped since.
    last: Vec<Option<usize>>,
    /// How many wrote, and whether the last one did.
    writes: (u32, bool),
}

impl Calls {
    pub fn begin(&mut self, client: &Client) {
        if self.calls.len() >= 2 * CALLS_KEPT {
            self.drop_oldest();
        }
        let Client { id, only, operation, since, .. } = client;
        if self.last.len() <= id.at() {
            self.last.resize(id.at() + 1, None);
        }
        self.last[id.at()] = Some(self.calls.len());
        let call =
            Call { client: *id, node: *only, operation: operation.clone(), begun: *since, ended: None, answer: None };
        self.calls.push(call);
    }

    /// Counts the writes, where clients want to know which of them theirs is.
    pub fn count(&mut self, protocol: &dyn Definition, operation: &Operation) {
        let writes = protocol.writes(&operation.value);
        self.writes = (self.writes.0 + u32::from(writes), writes);
    }
    /// Which of the run's writes the call is that began last, or 0.
    pub fn write(&self) -> u32 {
        if self.writes.1 { self.writes.0 } else { 0 }
    }

    /// Its last call has ended. Whoever is a machine of its own asked several nodes and not the one.
    pub fn end(&mut self, client: &Client, machine: bool) {
        let at = self.last.get(client.id.at()).copied().flatten();
        if let Some(call) = at.and_then(|at| self.calls.get_mut(at)) {
            call.ended = Some((client.finished, client.outcome));
            call.answer.clone_from(&client.answer);
            if client.outcome == Outcome::Ok && !machine {
                call.node = Some(client.asking);
            }
        }
    }

    /// Its command goes on as another operation: the last one has its answer, and the next begins.
    pub fn next(&mut self, client: ClientId, now: Micros, answer: Opaque, operation: Operation) {
        let at = self.last.get(client.at()).copied().flatten();
        if let Some(call) = at.and_then(|at| self.calls.get_mut(at)) {
            (call.ended, call.answer) = (Some((now, Outcome::Ok)), Some(answer));
            let next = Call { operation, begun: now, ended: None, answer: None, ..call.clone() };
            self.last[client.at()] = Some(self.calls.len());
            self.calls.push(next);
        }
    }

    fn drop_oldest(&mut self) {
        let gone = self.calls.len() - CALLS_KEPT;
        let mut kept = SharedList::default();
        self.calls.iter_from(gone).for_each(|call| kept.push(call.clone()));
        self.calls = kept;
        self.last.iter_mut().for_each(|at| *at = at.and_then(|at| at.checked_sub(gone)));
    }

    /// The calls that a protocol says how to read, as a judge of histories takes them.
    pub fn value(&self, protocol: &dyn Definition) -> Value {
        Value::list(self.calls.iter().filter_map(|call| call.value(protocol)))
    }
}

impl Call {
    fn value(&self, protocol: &dyn Definition) -> Option<Value> {
        let Recorded { kind, key, value, result, version } =
            protocol.recorded(&self.operation.value, self.answer.as_ref())?;
        // What was not answered may have been done or not: somebody else may have passed it on, or may yet.
        let (answer, result) = match self.ended {
            Some((time, Outcome::Ok)) => (Value::ms(time), result),
            Some((time, _)) if kind != RecordedKind::Get => (Value::ms(time), Value::word("unknown")),
            _ => (Value::Null, Value::Null),
        };
        let mut entries = vec![
            ("client", Value::string(self.client)),
            ("node", Value::or_null(self.node, |node| Value::count(node.0))),
            ("key", Value::string(key)),
            ("kind", Value::word(kind.id())),
            ("value", value),
            ("result", result),
            ("call", Value::ms(self.begun)),
            ("answer", answer),
        ];
        entries.extend(version.map(|version| ("version", Value::string(version))));
        Some(Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }
}
