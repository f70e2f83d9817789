//! Merkle trees as RFC 6962 (certificate transparency) makes them: a leaf and a node can never be taken for each other, and one leaf can be
//! proved with a handful of hashes. Pure.
use sha2::{Digest, Sha256};

use crate::Sum;

/// Hash of a leaf.
pub fn leaf(data: &[u8]) -> Sum {
    Sum(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

fn node(left: Sum, right: Sum) -> Sum {
    Sum(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of a growing tree, in memory that grows with the logarithm of its size.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    /// Roots of full subtrees, the largest first: one for each bit of the size.
    peaks: Vec<Sum>,
}

impl Tree {
    /// Adds the next leaf.
    pub fn push(&mut self, data: &[u8]) {
        let mut top = leaf(data);
        // as many full subtrees of equal size stand at the end as the size has ones at its end
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                top = node(left, top);
            }
        }
        self.peaks.push(top);
        self.size += 1;
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Sum {
        self.peaks.iter().copied().rev().reduce(|right, left| node(left, right)).unwrap_or_else(|| Sum::of(b""))
    }
}

/// What proves one leaf: the hashes beside its way to the root, from below. `None` when there is no such leaf.
pub fn proof(leaves: &[Sum], at: usize) -> Option<Vec<Sum>> {
    if at >= leaves.len() {
        return None;
    }
    let (mut level, mut at, mut beside) = (leaves.to_vec(), at, vec![]);
    while level.len() > 1 {
        beside.extend(level.get(at ^ 1));
        level = level.chunks(2).map(|pair| if let [left, right] = pair { node(*left, *right) } else { pair[0] }).collect();
        at /= 2;
    }
    Some(beside)
}

/// Whether this leaf is number `at` of the `size` leaves under this root.
pub fn proves(root: Sum, leaf: Sum, at: u64, size: u64, beside: &[Sum]) -> bool {
    if at >= size {
        return false;
    }
    let (mut at, mut last, mut top, mut beside) = (at, size - 1, leaf, beside.iter());
    while last > 0 {
        // the last of an odd number has nobody beside it and moves up as it is
        if at != last || at % 2 == 1 {
            let Some(other) = beside.next() else { return false };
            top = if at % 2 == 1 { node(*other, top) } else { node(top, *other) };
        }
        (at, last) = (at / 2, last / 2);
    }
    beside.next().is_none() && top == root
}
