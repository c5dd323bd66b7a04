//! Lists that are kept for as long as the handbook is.

/// The values of a list, or those made of it, in room of just their number.
///
/// A list that grew has up to twice the room it needs, and there are very many
/// lists. To cut such a list to its length would free nothing: the allocator
/// (mimalloc) leaves a block where it is while at least half of it is used.
pub fn exact<T>(list: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>) -> Box<[T]> {
    let list = list.into_iter();
    let mut kept = Vec::with_capacity(list.len());
    kept.extend(list);
    kept.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_stay_as_they_are() {
        let mut list = Vec::with_capacity(10);
        list.extend(["a", "b"].map(str::to_owned));
        assert_eq!(*exact(list), ["a", "b"]);
        assert!(exact(Vec::<u8>::new()).is_empty());
    }
}
