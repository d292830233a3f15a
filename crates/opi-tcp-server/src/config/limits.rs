//! How many bytes a server keeps.

#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) max_unread: usize,
    pub(crate) max_unread_total: usize,
    pub(crate) max_unsent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_unread: MIB, max_unread_total: 256 * MIB, max_unsent: MIB }
    }
}

const MIB: usize = 1024 * 1024;
