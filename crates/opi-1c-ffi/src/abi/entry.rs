//! How an entry of a virtual table is written: its base, what it gives when it cannot run, its
//! body.

/// Declares functions that a host calls through base `$base` of an object of ours.
macro_rules! entries {
    ($base:ident; $(
        $(#[$about:meta])*
        fn $name:ident($instance:ident $(, $argument:ident: $type:ty)*) -> $output:ty,
            or $otherwise:expr, $body:block
    )*) => { $(
        $(#[$about])*
        ///
        /// # Safety
        ///
        /// `this` is this base of an object of ours; pointers are NULL or what the interface says.
        pub(super) unsafe extern "system" fn $name(
            this: *mut std::ffi::c_void $(, $argument: $type)*
        ) -> $output {
            let body = |$instance: &$crate::abi::object::Instance| -> $output { $body };
            // SAFETY: the host passes an object it got from us and has not deleted.
            unsafe { $crate::abi::object::call::<{ $base }, $output>(this, $otherwise, body) }
        }
    )* };
}

pub(super) use entries;
