//! Each side of a contest on a processor of its own, where the system can do it.

/// The side of the measured process, or of the other one.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// The process that measures and loads.
    Parent,
    /// The process that it starts.
    Child,
}

/// Keeps this process on its side's processor; where there is one only, or where the system does
/// not say, nothing happens.
#[cfg(target_os = "linux")]
pub fn pin(side: Side) {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let Ok(all) = sched_getaffinity(None) else { return };
    let mut usable = (0..CpuSet::MAX_CPU).filter(|cpu| all.is_set(*cpu));
    let (Some(first), Some(second)) = (usable.next(), usable.next()) else { return };
    let mut own = CpuSet::new();
    own.set(if side == Side::Parent { first } else { second });
    if sched_setaffinity(None, &own).is_err() {
        println!("not kept on one processor: the system refused");
    }
}

/// Keeps this process on its side's processor; not on this system.
#[cfg(not(target_os = "linux"))]
pub fn pin(_side: Side) {}
