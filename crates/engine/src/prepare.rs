//! An input as deeds: who stands in a place is settled when the input is done, since nodes move.

use crate::error::{Error, Part, Result, why};
use crate::flight::Fate;
use crate::input::{Deed, Input, Link, Party, Which, Who};
use crate::names::{End, NodeId};
use crate::places::{Places, Spot};
use crate::text::{Text, text};
use crate::trace::Status;
use crate::world::World;

impl World {
    /// What an input does now; if it is not valid, what would be. Of those that stand in a place, it is done
    /// to each to whom it can be done, and to one at least.
    pub(crate) fn prepare(&self, input: &Input) -> Result<Vec<Deed>> {
        let mut deeds = self.deeds(input)?;
        if let [deed] = &deeds[..] {
            self.allows(deed)?;
            return Ok(deeds);
        }
        let refused = deeds.first().and_then(|deed| self.allows(deed).err());
        deeds.retain(|deed| self.allows(deed).is_ok());
        match refused {
            Some(refused) if deeds.is_empty() => Err(refused),
            _ => Ok(deeds),
        }
    }

    /// The input for each node that it is about, whether that is valid or not.
    pub(crate) fn deeds(&self, input: &Input) -> Result<Vec<Deed>> {
        let each = |who: &Who, deed: &dyn Fn(NodeId) -> Deed| -> Result<Vec<Deed>> {
            Ok(self.whom(who)?.into_iter().map(deed).collect())
        };
        // Of a place, its nodes: what happens to a client's machine is said of that client.
        let machine = |party: &Party, deed: &dyn Fn(End) -> Deed| -> Result<Vec<Deed>> {
            match party {
                Party::End(end) => Ok(vec![deed(*end)]),
                Party::Place(spot) => Ok(self.standing(spot)?.into_iter().map(|node| deed(End::Node(node))).collect()),
            }
        };
        match input {
            Input::Crash(who) => each(who, &Deed::Crash),
            Input::CrashAfter(who, after) => each(who, &|node| Deed::CrashAfter(node, *after)),
            Input::Restart(who) => each(who, &Deed::Restart),
            Input::Wipe(who) => each(who, &Deed::Wipe),
            Input::Pause(party) => machine(party, &Deed::Pause),
            Input::Resume(party) => machine(party, &Deed::Resume),
            Input::Skew(party, rate) => machine(party, &|end| Deed::Skew(end, *rate)),
            Input::Offset(party, by) => machine(party, &|end| Deed::Offset(end, *by)),
            Input::Fire(party, timer) => machine(party, &|end| Deed::Fire(end, timer)),
            Input::Join(who) => each(who, &Deed::Join),
            Input::Leave(who) => each(who, &Deed::Leave),
            Input::Move(who, spot) => each(who, &|node| Deed::Move(node, spot.clone())),
            Input::Cut(link) => self.links(link, &Deed::Cut),
            Input::Mend(link) => self.links(link, &Deed::Mend),
            Input::Latency(latency, Some((from, to))) => {
                let link = Link { from: from.clone(), to: to.clone(), both: false };
                self.links(&link, &|link| Deed::Latency(*latency, Some((link.from, link.to))))
            }
            Input::Latency(latency, None) => Ok(vec![Deed::Latency(*latency, None)]),
            Input::Partition(groups) => {
                let side = |group: &Vec<Party>| -> Result<Vec<End>> {
                    let ends: Result<Vec<Vec<End>>> = group.iter().map(|party| self.ends(party)).collect();
                    Ok(ends?.concat())
                };
                Ok(vec![Deed::Partition(groups.iter().map(side).collect::<Result<_>>()?)])
            }
            Input::Heal => Ok(vec![Deed::Heal]),
            Input::Loss(part) => Ok(vec![Deed::Loss(*part)]),
            Input::Duplication(part) => Ok(vec![Deed::Duplication(*part)]),
            Input::Drop(which) => self.first(which, &Deed::Drop),
            Input::Hold(which) => self.first(which, &Deed::Hold),
            Input::Delay(which, by) => self.first(which, &|which| Deed::Delay(which, *by)),
            Input::Duplicate(which) => self.first(which, &Deed::Duplicate),
            Input::Deliver(which, after) => self.first(which, &|which| Deed::Deliver(which, *after)),
            Input::Request { client, node, operation } => {
                let node = node.as_ref().map(|who| self.asked(who)).transpose()?;
                Ok(vec![Deed::Request { client: *client, node, operation: operation.clone() }])
            }
        }
    }

    /// Those that are meant: of a place, all that stand there and have not left.
    fn whom(&self, who: &Who) -> Result<Vec<NodeId>> {
        match who {
            Who::Node(node) => Ok(vec![*node]),
            Who::Place(spot) => self.standing(spot),
        }
    }

    fn standing(&self, spot: &Spot) -> Result<Vec<NodeId>> {
        let (places, place) = self.place(spot)?;
        let here = |node: &NodeId| self.slots[node.at()].status != Status::Gone;
        let nodes: Vec<NodeId> = places.nodes(place).filter(here).collect();
        if nodes.is_empty() {
            let words = text("no node stands in {place} now", "现在没有节点在 {place}");
            return Err(Error::not_now(why(words, [("place", Part::name(&spot.id))])));
        }
        Ok(nodes)
    }

    /// The place in this run; an input may have been parsed for another.
    pub(crate) fn place(&self, spot: &Spot) -> Result<(&Places, usize)> {
        let places = self.network.places();
        places.and_then(|places| Some((places, places.find(&spot.id)?))).ok_or_else(|| {
            let words = text("this run has no place {place}", "这次运行没有地点 {place}");
            Error::input(why(words, [("place", Part::name(&spot.id))]))
        })
    }

    /// Of a place, its nodes and its clients, also those that have not asked for anything yet.
    fn ends(&self, party: &Party) -> Result<Vec<End>> {
        let spot = match party {
            Party::End(end) => return Ok(vec![*end]),
            Party::Place(spot) => spot,
        };
        let mut ends: Vec<End> = self.standing(spot)?.into_iter().map(End::Node).collect();
        let (places, place) = self.place(spot)?;
        ends.extend(places.clients(place).map(End::Client));
        Ok(ends)
    }

    /// Every link from those to these. A node has none with itself.
    fn links<D: Fn(Link<NodeId>) -> Deed + ?Sized>(&self, link: &Link, deed: &D) -> Result<Vec<Deed>> {
        let (from, to) = (self.whom(&link.from)?, self.whom(&link.to)?);
        let only = from.len() * to.len() == 1;
        let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
        let links: Vec<Deed> = pairs
            .filter(|(from, to)| only || from != to)
            .map(|(from, to)| deed(Link { from, to, both: link.both }))
            .collect();
        if links.is_empty() {
            let words = text("there is no link from {from} to {to}", "从 {from} 到 {to} 没有链路");
            let (from, to) = (Part::name(&link.from), Part::name(&link.to));
            return Err(Error::input(why(words, [("from", from), ("to", to)])));
        }
        Ok(links)
    }

    /// One message: of those between places, the first in flight to which this can be done.
    fn first(&self, which: &Which, deed: &dyn Fn(Which<End>) -> Deed) -> Result<Vec<Deed>> {
        let (kind, from, to) = match which {
            Which::Number(number) => return Ok(vec![deed(Which::Number(*number))]),
            Which::First { kind, from, to } => (*kind, self.ends(from)?, self.ends(to)?),
        };
        if let ([from], [to]) = (&from[..], &to[..]) {
            return Ok(vec![deed(Which::First { kind, from: *from, to: *to })]);
        }
        let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
        let any: Text = text("", "");
        let found = pairs
            .map(|(from, to)| Which::First { kind, from, to })
            .filter(|one| self.allows(&deed(*one)).is_ok())
            .filter_map(|one| self.message(&one, |fate| fate != Fate::Waiting, any).ok())
            .filter_map(|ticket| self.flights.get(ticket).map(|flight| flight.id));
        let first = found.min().ok_or_else(|| self.not_in_flight(which))?;
        Ok(vec![deed(Which::Number(first))])
    }

    /// Of a place, the first that is up; if none is, the first.
    fn asked(&self, who: &Who) -> Result<NodeId> {
        let nodes = self.whom(who)?;
        let is_up = |node: &&NodeId| self.slots.get(node.at()).is_some_and(|slot| slot.status == Status::Up);
        Ok(*nodes.iter().find(is_up).unwrap_or(&nodes[0]))
    }
}
