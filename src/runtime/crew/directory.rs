//! Who is on call, asked for now and then and kept on the disk: it is wanted most when it cannot be asked for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::hearing::Cursors;
use super::{Member, Said};
use crate::files;
use crate::outbox::directory::{Directory, Kept};
use crate::runtime::clock;

/// Between two looks, and after one that failed.
const EVERY: Duration = Duration::from_secs(15 * 60);
const AFTER_FAILURE: Duration = Duration::from_secs(5 * 60);
/// A look may go through many pages.
const PATIENCE: Duration = Duration::from_secs(60);

fn path(cache: &Path, account: &str) -> PathBuf {
    cache.join(format!("directory-{account}.json"))
}

/// What was kept of an account; `None`: nothing, or nothing that can be read.
pub fn read(cache: &Path, account: &str) -> Option<Kept> {
    serde_json::from_slice(&std::fs::read(path(cache, account)).ok()?).ok()
}

/// Keeps it for when nothing can be asked.
pub fn write(cache: &Path, account: &str, kept: &Kept) -> io::Result<()> {
    files::make_private_dir(cache)?;
    files::replace(&path(cache, account), &serde_json::to_vec(kept)?)
}

/// Until the crew ends.
pub(super) async fn keep(member: Arc<Member>, cursors: Cursors, say: Arc<dyn Fn(Said) + Send + Sync>) {
    let cache = cursors.cache().to_owned();
    if let Some(kept) = read(&cache, &member.name) {
        tell(&say, &member.name, kept).await;
    }
    let mut wanted = member.wanted.subscribe();
    loop {
        // Only the process that tells and hears asks.
        if wanted.wait_for(Option::is_some).await.is_err() {
            return;
        }
        let wait = match look(&member).await {
            Some(directory) if directory != Directory::default() => {
                let kept = Kept { at: clock::now(), directory };
                // A full disk costs only what would be known without a network.
                let _ = write(&cache, &member.name, &kept);
                tell(&say, &member.name, kept).await;
                EVERY
            }
            Some(_) => EVERY,
            None => AFTER_FAILURE,
        };
        sleep(wait).await;
    }
}

async fn look(member: &Arc<Member>) -> Option<Directory> {
    let client = member.client().await.ok()?;
    timeout(PATIENCE, client.directory()).await.ok()?.ok()
}

async fn tell(say: &Arc<dyn Fn(Said) + Send + Sync>, account: &str, kept: Kept) {
    let (say, account) = (say.clone(), account.to_owned());
    let told = move || say(Said::Directory { account, kept: Box::new(kept) });
    let _ = tokio::task::spawn_blocking(told).await;
}
