//! `config.toml` is edited while the console is open.

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::pty::Pty;

#[test]
fn an_edit_holds_at_once_and_a_broken_one_keeps_the_old_settings() {
    let home = TempDir::new().unwrap();
    let config = home.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    let file = config.join("config.toml");
    std::fs::write(&file, "zone = \"utc\"\n").unwrap();
    let command = CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
    let console = Pty::in_home(home, command, &[], 100, 30);
    console.wait_for("No incidents yet");

    std::fs::write(&file, "thme = \"dark\"\n").unwrap();
    let said = console.wait_for("the old settings stay");
    assert!(said.contains("did you mean `theme`"), "{said}");

    std::fs::write(&file, "[keys]\ndeclare = [\"x\"]\n").unwrap();
    console.wait_for("the new settings hold");
    console.send("x");
    console.wait_for("Declare an incident");
}
