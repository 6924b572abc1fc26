//! Events that are due, the earliest first. Those of a small cluster are a heap. Of a large one there are millions at
//! a time, whose rounds come together: a heap of them is far apart in memory, so that what is further off waits in
//! buckets, each put in order when its time has come.

use std::collections::BinaryHeap;

use super::Due;
use crate::units::Micros;

/// A heap of more than this has buckets beside it.
const HEAP: usize = 16_384;
/// Events of one bucket lie within 2 to the power of so many microseconds.
const WIDTH: u32 = 6;

#[derive(Clone, Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Due>,
    /// The bucket whose time has come, the earliest event last; and its number.
    open: Vec<Due>,
    opened: u64,
    /// Buckets further off, the nearest last.
    later: Vec<(u64, Vec<Due>)>,
    waiting: usize,
}

fn bucket(time: Micros) -> u64 {
    time >> WIDTH
}

/// The events of a bucket by their times. Those of one time were scheduled in their order.
fn latest_first(bucket: &[Due]) -> Vec<Due> {
    let place = |due: &Due| (due.time % (1 << WIDTH)) as usize;
    let mut ends = [0; 1 << WIDTH];
    bucket.iter().for_each(|due| ends[place(due)] += 1);
    let mut before = 0;
    for end in ends.iter_mut().rev() {
        before += *end;
        *end = before;
    }
    let mut sorted = bucket.to_vec();
    for due in bucket {
        let end = &mut ends[place(due)];
        *end -= 1;
        sorted[*end] = *due;
    }
    sorted
}

impl Queue {
    #[inline]
    pub fn len(&self) -> usize {
        self.heap.len() + self.waiting
    }

    #[inline]
    pub fn push(&mut self, due: Due) {
        if self.heap.len() < HEAP && self.waiting == 0 || bucket(due.time) <= self.opened {
            self.heap.push(due);
        } else {
            self.put(due);
        }
    }

    fn put(&mut self, due: Due) {
        let number = bucket(due.time);
        self.waiting += 1;
        match self.later.binary_search_by(|(other, _)| number.cmp(other)) {
            Ok(at) => self.later[at].1.push(due),
            Err(at) => self.later.insert(at, (number, vec![due])),
        }
    }

    /// Whether the earliest is in a bucket. Opens the nearest where it may be in that.
    #[inline]
    fn in_bucket(&mut self) -> bool {
        if self.waiting == 0 {
            return false;
        }
        self.open_nearest();
        match (self.heap.peek(), self.open.last()) {
            (Some(near), Some(open)) => open > near,
            (near, _) => near.is_none(),
        }
    }

    fn open_nearest(&mut self) {
        while self.open.is_empty() {
            let Some((number, _)) = self.later.last() else { return };
            if self.heap.peek().is_some_and(|near| bucket(near.time) < *number) {
                return;
            }
            if let Some((number, bucket)) = self.later.pop() {
                (self.opened, self.open) = (number, latest_first(&bucket));
            }
        }
    }

    #[inline]
    pub fn peek(&mut self) -> Option<Due> {
        if self.in_bucket() { self.open.last().copied() } else { self.heap.peek().copied() }
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Due> {
        if self.in_bucket() {
            self.waiting -= 1;
            return self.open.pop();
        }
        self.heap.pop()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Due> {
        let later = self.later.iter().flat_map(|(_, bucket)| bucket);
        self.heap.iter().chain(&self.open).chain(later)
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&Due) -> bool) {
        self.heap.retain(&mut keep);
        self.open.retain(&mut keep);
        self.later.iter_mut().for_each(|(_, bucket)| bucket.retain(&mut keep));
        self.later.retain(|(_, bucket)| !bucket.is_empty());
        self.waiting = self.open.len() + self.later.iter().map(|(_, bucket)| bucket.len()).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Chance, Stream};
    use crate::world::Event;

    #[test]
    fn events_come_by_time_and_then_as_they_were_scheduled() {
        let mut chance = Chance::new(7, Stream::Outside(0));
        let (mut queue, mut heap) = (Queue::default(), BinaryHeap::new());
        let (mut now, mut order) = (0, 0);
        let what = Event::Timer(crate::names::NodeId(0));
        // It grows beyond what a heap alone holds, is swept, and runs empty.
        for round in 0..400_000 {
            if round == 150_000 {
                queue.retain(|due| !due.order.is_multiple_of(3));
                heap.retain(|due: &Due| !due.order.is_multiple_of(3));
            }
            if chance.between(0, 99) < if round < 200_000 { 70 } else { 30 } {
                let far = if chance.one_in(3) { 100_000 } else { chance.between(0, 30_000) };
                let due = Due { time: now + far, order, what };
                order += 1;
                queue.push(due);
                heap.push(due);
            } else {
                assert_eq!(queue.peek().map(|due| due.order), heap.peek().map(|due| due.order));
                let (mine, theirs) = (queue.pop(), heap.pop());
                assert_eq!(mine.map(|due| (due.time, due.order)), theirs.map(|due| (due.time, due.order)));
                now = mine.map_or(now, |due| due.time);
            }
            assert_eq!(queue.len(), heap.len());
        }
        assert_eq!(queue.iter().count(), heap.len());
    }
}
