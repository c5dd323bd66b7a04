//! A memory of computed values by the digest of what they were computed from.
//!
//! What one round does not ask for is forgotten at its end, so a memo never
//! grows beyond the handbook. There is no dependency tracking: the key must
//! cover everything the value depends on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::digest::Digest;

/// Values by the digest of their inputs.
#[derive(Debug)]
pub struct Memo<V> {
    values: BTreeMap<Digest, Arc<V>>,
}

impl<V> Default for Memo<V> {
    fn default() -> Memo<V> {
        Memo { values: BTreeMap::new() }
    }
}

/// What one round of a memo did.
#[derive(Debug)]
pub struct Round<V> {
    /// The values, in the order of the inputs.
    pub values: Vec<Arc<V>>,
    /// How many had to be computed.
    pub computed: usize,
}

impl<V: Send + Sync> Memo<V> {
    /// Answers the value of every input, computing those that the last round
    /// did not have, in parallel; forgets values that no input asks for.
    pub fn round<I: Sync>(
        &mut self,
        inputs: &[I],
        key: impl Fn(&I) -> Digest + Sync,
        compute: impl Fn(&I) -> V + Sync,
    ) -> Round<V> {
        let known = &self.values;
        let values: Vec<(Digest, Arc<V>, bool)> = (0..inputs.len())
            .into_par_iter()
            .map(|at| {
                let digest = key(&inputs[at]);
                match known.get(&digest) {
                    Some(value) => (digest, Arc::clone(value), false),
                    None => (digest, Arc::new(compute(&inputs[at])), true),
                }
            })
            .collect();
        let computed = values.iter().filter(|(_, _, computed)| *computed).count();
        self.values = values.iter().map(|(key, value, _)| (*key, Arc::clone(value))).collect();
        Round { values: values.into_iter().map(|(_, value, _)| value).collect(), computed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(input: &u8) -> Digest {
        Digest::of(&[*input])
    }

    #[test]
    fn only_new_inputs_are_computed() {
        let mut memo = Memo::default();
        let double = |input: &u8| u32::from(*input) * 2;
        assert_eq!(memo.round(&[1, 2], key, double).computed, 2);
        let round = memo.round(&[2, 3], key, double);
        assert_eq!(round.computed, 1);
        assert_eq!(round.values.iter().map(|v| **v).collect::<Vec<_>>(), [4, 6]);
    }

    #[test]
    fn what_a_round_does_not_ask_for_is_forgotten() {
        let mut memo = Memo::default();
        let same = |input: &u8| *input;
        memo.round(&[1, 2], key, same);
        memo.round(&[2], key, same);
        assert_eq!(memo.round(&[1], key, same).computed, 1);
    }
}
