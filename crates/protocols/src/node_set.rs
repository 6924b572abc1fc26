//! A set of nodes, of which there are at most 128.

use synod_engine::names::NodeId;
use synod_engine::protocol::Tally;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeSet(u128);

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> NodeSet {
        let mut set = NodeSet::default();
        nodes.into_iter().for_each(|node| set.add(node));
        set
    }
}

impl NodeSet {
    pub fn of(node: NodeId) -> NodeSet {
        NodeSet(1 << node.0)
    }
    pub fn add(&mut self, node: NodeId) {
        self.0 |= 1 << node.0;
    }
    pub fn without(self, node: NodeId) -> NodeSet {
        NodeSet(self.0 & !(1 << node.0))
    }
    pub fn has(self, node: NodeId) -> bool {
        self.0 >> node.0 & 1 == 1
    }
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..128).filter(move |n| self.0 >> n & 1 == 1).map(NodeId)
    }
    /// As the stage shows it: a majority of `of` is needed. Whoever agreed and refused when asked again, a message
    /// having come twice, has agreed.
    pub fn tally(self, refused: NodeSet, of: u32) -> Tally {
        let refused = NodeSet(refused.0 & !self.0).iter().collect();
        Tally { have: self.iter().collect(), refused, need: of / 2 + 1, of }
    }
}
