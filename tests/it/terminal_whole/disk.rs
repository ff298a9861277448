//! Trouble with the disk, as real files: said in words, the text kept, and saved as soon as it can be.

use std::fs;
use std::path::Path;

use super::{again, assert_verifies, beside_ok, drafts, incident, kill, leave, room, wait_until};
use crate::pty::Pty;

/// Writes a note that cannot be saved.
fn write_in_vain(pty: &Pty) {
    pty.send("iwritten in vain\r");
    pty.wait_for("NOT SAVED");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
}

#[track_caller]
fn saved_after_all(pty: &Pty) {
    pty.see("", "alice written in vain");
    pty.wait_gone("NOT SAVED");
    assert_verifies(pty.home());
    let kept = beside_ok(pty.home(), &["show"], b"");
    assert_eq!(kept.matches("written in vain").count(), 1, "{kept}");
    leave(pty);
}

/// Moves the folder away, and later back.
#[track_caller]
fn gone_and_back(part: impl Fn(&Path) -> std::path::PathBuf) {
    let pty = room();
    let folder = part(pty.home());
    let away = pty.home().join("away");
    fs::rename(&folder, &away).unwrap();
    write_in_vain(&pty);
    fs::rename(&away, &folder).unwrap();
    saved_after_all(&pty);
}

#[test]
fn the_data_folder_is_gone_and_comes_back() {
    gone_and_back(|home| home.join("data"));
}

#[test]
fn the_incident_is_gone_and_comes_back() {
    gone_and_back(incident);
}

#[test]
fn the_journal_is_gone_and_comes_back() {
    gone_and_back(|home| incident(home).join("journal"));
}

#[test]
fn a_file_where_the_journal_was() {
    let pty = room();
    let (journal, away) = (incident(pty.home()).join("journal"), pty.home().join("away"));
    fs::rename(&journal, &away).unwrap();
    fs::write(&journal, "in the way").unwrap();
    write_in_vain(&pty);
    fs::remove_file(&journal).unwrap();
    fs::rename(&away, &journal).unwrap();
    saved_after_all(&pty);
}

/// What cannot be saved is at least not lost: it is kept as a draft, whatever happens to the console.
#[test]
fn what_was_not_saved_survives_kill_9() {
    let pty = room();
    let (data, away) = (pty.home().join("data"), pty.home().join("away"));
    fs::rename(&data, &away).unwrap();
    write_in_vain(&pty);
    wait_until("the text on disk", || drafts(pty.home()).contains("written in vain"));
    kill(&pty);
    fs::rename(&away, &data).unwrap();
    let back = again(&pty);
    back.wait_for("written in vain");
    assert_verifies(pty.home());
}

/// Not only its words: what it is and when it happened too.
#[test]
fn what_was_not_saved_comes_back_as_it_was_meant() {
    let pty = room();
    let (data, away) = (pty.home().join("data"), pty.home().join("away"));
    fs::rename(&data, &away).unwrap();
    pty.see("i~2026-11-20 14:05 !decision stop it\r", "NOT SAVED");
    wait_until("the text on disk", || drafts(pty.home()).contains("stop it"));
    kill(&pty);
    fs::rename(&away, &data).unwrap();
    let back = again(&pty);
    back.see("", "~14:05 alice ! stop it");
    back.see("", "Fri 2026-11-20");
    leave(&back);
}

/// A draft that cannot be kept is said while there is time to do something about it.
#[test]
fn drafts_that_cannot_be_kept_are_said() {
    let pty = room();
    let folder = pty.home().join("state/drafts");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(pty.home().join("state")).unwrap();
    fs::write(&folder, "in the way").unwrap();
    pty.see("ihalf a thought", "the draft is not on disk");
    fs::remove_file(&folder).unwrap();
    pty.see("s", "kept on disk again");
    assert!(drafts(pty.home()).contains("half a thoughts"));
}

#[test]
fn leaving_with_something_unsaved_asks() {
    let pty = room();
    let (data, away) = (pty.home().join("data"), pty.home().join("away"));
    fs::rename(&data, &away).unwrap();
    write_in_vain(&pty);
    pty.send("q");
    pty.wait_for("Leave?");
    pty.wait_for("1 entries are not saved");
    pty.send("s");
    fs::rename(&away, &data).unwrap();
    saved_after_all(&pty);
}

#[test]
fn a_data_folder_that_cannot_be_made_is_said_before_the_screen_is_taken() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("data"), "in the way").unwrap();
    let path = home.path().to_str().unwrap().to_owned();
    let pty = Pty::warroom(&[], &[("WARROOM_HOME", &path)], 120, 36);
    assert_eq!(pty.wait_exit().exit_code(), 1, "{}", pty.screen());
    pty.wait_for("data");
    pty.assert_restored();
}

/// A really full file system. Needs root and Linux: `cargo test --test it -- --ignored really_full`.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs root to mount a tiny tmpfs"]
fn a_really_full_disk_is_said_and_gets_over() {
    let mount = Mount::tiny();
    let path = mount.0.path().to_str().unwrap();
    let pty = Pty::warroom(&[], &[("WARROOM_HOME", path)], 120, 36);
    super::declare(&pty);
    let filler = mount.0.path().join("filler");
    fill(&filler);
    pty.send(&format!("iwritten in vain {}\r", "x".repeat(6000)));
    pty.wait_for("NOT SAVED");
    pty.wait_for("disk is full");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    pty.send("istill typing");
    pty.wait_for("still typing");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    fs::remove_file(&filler).unwrap();
    pty.wait_gone("NOT SAVED");
    pty.wait_for("still typing");
    assert_verifies(mount.0.path());
    let kept = beside_ok(mount.0.path(), &["show"], b"");
    assert_eq!(kept.matches("written in vain").count(), 1, "{kept}");
    leave(&pty);
}

#[cfg(target_os = "linux")]
struct Mount(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Mount {
    fn tiny() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["-t", "tmpfs", "-o", "size=300k", "tmpfs"];
        let mounted =
            std::process::Command::new("mount").args(arguments).arg(folder.path()).status().unwrap();
        assert!(mounted.success(), "mount needs root");
        Self(folder)
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Takes every byte that is left.
#[cfg(target_os = "linux")]
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = fs::File::create(path).unwrap();
    for size in [4096, 64, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}
