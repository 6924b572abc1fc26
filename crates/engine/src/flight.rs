//! Messages on their way. A slab: slots are used again, and a generation tells an event whether
//! the flight that it belongs to is still the one in its slot.

use std::hash::{Hash, Hasher};

use crate::client::Receipt;
use crate::cx::Verdict;
use crate::erased::{Definition, Opaque, Operation};
use crate::names::{End, NodeId};
use crate::protocol::{Summary, Tone};
use crate::trace::{Loss, NONE, Past, Seq};
use crate::units::{MILLION, Micros, Ppm};
use crate::world::Origin;

#[derive(Clone, Hash)]
pub enum Payload {
    Message(Opaque),
    Request { serial: u32, receipt: Receipt, operation: Operation },
    Answer { serial: u32, verdict: Verdict },
}

#[derive(Clone, Hash)]
pub struct Flight {
    pub id: u64,
    pub from: End,
    pub to: End,
    pub payload: Payload,
    pub sent: Micros,
    pub arrives: Micros,
    /// When the network loses it, and why, if it will.
    pub(crate) doom: Option<(Micros, Loss)>,
    pub fate: Fate,
    pub(crate) moved: Moved,
    pub delayed_until: Option<Micros>,
    pub copy_of: u64,
    pub(crate) place: Place,
    /// What it is, without taking it apart.
    pub(crate) summary: Summary,
    pub(crate) cause: Seq,
    /// The command that set it off.
    pub(crate) origin: Origin,
    /// What it says and to whom, where a search wants to know it; 0 elsewhere.
    pub(crate) shape: Shape,
    /// When it was lost; only meaningful for the lost.
    pub ended: Micros,
}

/// When its arrival was last changed on its way, and how far it had come by then. What is to be
/// seen of that and no part of the state: it adds nothing to a fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved(pub Option<(Micros, Ppm)>);

impl Hash for Moved {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// Of a copy of a copy: the message behind which it has its place on its link. All others have their own
/// place, or that of the message that they are copies of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(Option<u64>);

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if let Some(place) = self.0 {
            place.hash(state);
        }
    }
}

/// What a message says, from whom and to whom, as one number. It adds nothing to a fingerprint, which has all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(pub u64);

impl Hash for Shape {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    Flying,
    Lost(Loss),
    /// Held by hand.
    Held,
    /// Arrived at a paused node, and waits for it.
    Waiting,
    /// At the end of a link that keeps its order, and waits for those before it.
    Behind,
}

impl Fate {
    pub fn id(self) -> &'static str {
        match self {
            Fate::Flying => "flying",
            Fate::Lost(_) => "lost",
            Fate::Held | Fate::Waiting | Fate::Behind => "held",
        }
    }
}

impl Payload {
    #[inline]
    pub(crate) fn summary(&self, protocol: &dyn Definition) -> Summary {
        let own = protocol.about().messages.len() as u16;
        match self {
            Payload::Message(message) => protocol.summary(message),
            Payload::Request { .. } => Summary { kind: own, tone: Tone::Client, epoch: 0, quiet: false },
            Payload::Answer { verdict, .. } => {
                let tone = if matches!(verdict, Verdict::Refused) { Tone::No } else { Tone::Client };
                Summary { kind: own + 1, tone, epoch: 0, quiet: false }
            }
        }
    }
}

impl Flight {
    /// How it is drawn: an answer that says no is no less so for being an answer.
    pub(crate) fn tone(&self, protocol: &dyn Definition) -> Tone {
        match &self.payload {
            Payload::Answer { verdict: Verdict::Done(answer), .. } if protocol.declines(answer) => Tone::No,
            _ => self.summary.tone,
        }
    }

    #[inline]
    pub(crate) fn past(&self, protocol: &dyn Definition, ended: Micros, lost: Option<Loss>) -> Past {
        let summary = self.summary;
        Past {
            id: self.id,
            from: self.from,
            to: self.to,
            kind: summary.kind,
            tone: self.tone(protocol),
            quiet: summary.quiet,
            epoch: summary.epoch,
            sent: self.sent,
            arrives: self.arrives,
            ended,
            lost,
            copy_of: self.copy_of,
        }
    }

    /// How much of its way it has gone at a time, if nothing stopped it since it was last moved.
    fn gone_at(&self, time: Micros) -> Ppm {
        let (since, gone) = self.moved.0.unwrap_or((self.sent, 0));
        let (passed, whole) = (time.saturating_sub(since), self.arrives.saturating_sub(since));
        if passed >= whole {
            return MILLION;
        }
        // Times end at 10^15 microseconds, so neither product nor sum leaves 128 bits.
        let rest = u128::from(MILLION - gone) * u128::from(passed) / u128::from(whole);
        gone + rest as Ppm
    }

    /// How much of its way it has gone by now.
    pub fn gone(&self, now: Micros) -> Ppm {
        match (self.fate, self.moved.0) {
            (Fate::Held | Fate::Waiting | Fate::Behind, Some((_, gone))) => gone,
            _ => self.gone_at(now),
        }
    }

    /// To be called before its arrival or its fate is changed: it goes on from where it is.
    pub(crate) fn mark_place(&mut self, now: Micros) {
        self.moved = Moved(Some((now, self.gone(now))));
    }

    /// Its ends as a record has them: a client's end is always the peer.
    pub(crate) fn node_and_peer(&self) -> (Option<NodeId>, Option<End>) {
        let peer = if self.to.node().is_some() { self.from } else { self.to };
        (self.to.node().or(self.from.node()), Some(peer))
    }

    /// Whether a protocol's own message goes to a client: that is not to be seen by its kind.
    pub(crate) fn toward_client(&self) -> u64 {
        u64::from(self.to.client().is_some() && matches!(self.payload, Payload::Message(_)))
    }

    /// Where it stands on its link: as it was sent, and a copy behind its original.
    pub(crate) fn place(&self) -> (u64, u64) {
        let own = if self.is_copy() { self.copy_of } else { self.id };
        (self.place.0.unwrap_or(own), self.id)
    }
    /// It is to become a copy of this one.
    pub(crate) fn copy_as(&mut self, id: u64) {
        if self.is_copy() {
            self.place = Place(Some(self.place().0));
        }
        (self.copy_of, self.id) = (self.id, id);
    }
    pub fn is_copy(&self) -> bool {
        self.copy_of != NONE
    }
}

#[derive(Clone, Default)]
pub struct Flights {
    slots: Vec<(u32, Option<Flight>)>,
    free: Vec<u32>,
}

/// Where a flight is, as events remember it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    slot: u32,
    generation: u32,
}

impl Flights {
    #[inline]
    pub fn add(&mut self, flight: Flight) -> Ticket {
        match self.free.pop() {
            Some(slot) => {
                let place = &mut self.slots[slot as usize];
                place.1 = Some(flight);
                Ticket { slot, generation: place.0 }
            }
            None => {
                self.slots.push((0, Some(flight)));
                Ticket { slot: self.slots.len() as u32 - 1, generation: 0 }
            }
        }
    }

    #[inline]
    pub fn get(&self, ticket: Ticket) -> Option<&Flight> {
        let (generation, flight) = &self.slots[ticket.slot as usize];
        flight.as_ref().filter(|_| *generation == ticket.generation)
    }

    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut Flight> {
        let (generation, flight) = &mut self.slots[ticket.slot as usize];
        flight.as_mut().filter(|_| *generation == ticket.generation)
    }

    /// Takes the flight away and outdates its ticket.
    #[inline]
    pub fn take(&mut self, ticket: Ticket) -> Option<Flight> {
        let (generation, flight) = &mut self.slots[ticket.slot as usize];
        if *generation != ticket.generation {
            return None;
        }
        let taken = flight.take()?;
        *generation = generation.wrapping_add(1);
        self.free.push(ticket.slot);
        Some(taken)
    }

    /// Gives the flight a new ticket, so that the events set for it before are outdated.
    pub fn renew(&mut self, ticket: Ticket) -> Option<(Ticket, &mut Flight)> {
        let (generation, flight) = &mut self.slots[ticket.slot as usize];
        if *generation != ticket.generation {
            return None;
        }
        *generation = generation.wrapping_add(1);
        let ticket = Ticket { generation: *generation, ..ticket };
        flight.as_mut().map(|flight| (ticket, flight))
    }

    pub fn iter(&self) -> impl Iterator<Item = (Ticket, &Flight)> {
        self.slots.iter().enumerate().filter_map(|(slot, (generation, flight))| {
            let ticket = Ticket { slot: slot as u32, generation: *generation };
            flight.as_ref().map(|flight| (ticket, flight))
        })
    }

    pub fn find(&self, id: u64) -> Option<(Ticket, &Flight)> {
        self.iter().find(|(_, flight)| flight.id == id)
    }

    pub fn weight(&self) -> usize {
        self.slots.len() * size_of::<(u32, Option<Flight>)>()
    }
}
