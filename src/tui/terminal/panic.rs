//! A panic must be readable: on the UI thread the terminal is restored before the message is printed; on any
//! other thread the message would tear the screen, so it waits until the console has left.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, Once, PoisonError};

use super::modes::{self, Holder};

static INSTALL: Once = Once::new();
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Installs the hook, once per process, in front of the one that is there.
pub(super) fn install_hook() {
    INSTALL.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| on_panic(info, &previous)));
    });
}

fn on_panic(info: &PanicHookInfo<'_>, previous: &dyn Fn(&PanicHookInfo<'_>)) {
    if modes::is_ui_thread() {
        modes::leave();
    }
    match modes::holder() {
        Holder::Shell => previous(info),
        Holder::Console | Holder::Child => keep(info),
    }
}

fn keep(info: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push(format!("thread '{name}': {info}"));
}

/// Prints what other threads died of. Not `eprintln`, which panics when standard error is gone too.
pub(super) fn print_kept() {
    for message in KEPT.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = writeln!(io::stderr(), "{message}");
    }
}
