//! Work on all cores beside the shared pool of threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering as Atomic};
use std::thread;

/// Works through `0..count` on all cores. Threads of the shared pool may be
/// those that wait for the index, or would take up other work that needs it
/// while they wait for each other; hence threads of its own.
pub(super) fn on_all_cores<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let one_after_the_other = || {
        loop {
            let number = next.fetch_add(1, Atomic::Relaxed);
            if number >= count {
                return;
            }
            let value = work(number);
            done.lock().expect("invariant: pushing does not panic").push((number, value));
        }
    };
    let threads = rayon::current_num_threads().min(count);
    thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(one_after_the_other)));
        one_after_the_other();
    });
    let mut done = done.into_inner().expect("invariant: pushing does not panic");
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, value)| value).collect()
}
