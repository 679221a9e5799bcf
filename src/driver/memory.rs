//! C's `memcpy` for wasm32: SQLite copies whole pages with it, and the one that comes with Rust copies word
//! by word where the machine has an instruction for it.
#![expect(unsafe_code, reason = "C's own interface")]

use std::ptr;

/// From this many bytes on the instruction is quicker than a loop.
const BULK: usize = 256;

/// `memcpy` of C.
///
/// # Safety
/// As in C: both places hold `length` bytes and do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller's, which every access below keeps to.
    unsafe {
        if length >= BULK {
            ptr::copy_nonoverlapping(from, to, length);
            return to;
        }
        let words = length & !7;
        let mut at = 0;
        while at < words {
            let word = from.add(at).cast::<u64>().read_unaligned();
            to.add(at).cast::<u64>().write_unaligned(word);
            at += 8;
        }
        while at < length {
            *to.add(at) = *from.add(at);
            at += 1;
        }
    }
    to
}
