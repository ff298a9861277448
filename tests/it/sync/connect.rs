//! `warroom connect`: what is written, what is refused, and that nothing good is lost to a mistake.

use std::fs;

use crate::cli::Home;

fn config(home: &Home) -> String {
    fs::read_to_string(home.path().join("config/config.toml")).unwrap_or_default()
}

fn connect(home: &Home, args: &[&str]) -> String {
    let answer = home.run(&[&["connect"], args, &["--no-input"]].concat());
    assert_ne!(answer.code, 0, "nothing answers at these addresses");
    format!("{}{}", answer.out, answer.err)
}

#[test]
fn a_token_on_the_command_line_is_refused_and_never_repeated() {
    let token = "xoxb-1234567890-cAnArY";
    for args in [
        ["slack", "--token-env", token],
        ["slack", "--set", &format!("token={token}")],
        ["slack", "--set", &format!("drill={token}")],
        ["slack", "--set", &format!("app_token={token}")],
        ["chat", "--set", "secrets.token=hunter2-cAnArY"],
        ["slack", "--set", token],
        ["slack", "--set", &format!("{token}=")],
        ["slack", "--set", &format!("token.command=[\"echo\",\"{token}\"]")],
        ["slack", "--token-file", token],
        ["slack", "--token-command", &format!("echo {token}")],
        ["pagerduty", "--token-env", "y_NbAkcAnArYYTWUXYEu"],
    ] {
        let home = Home::new();
        let said = connect(&home, &args);
        assert!(!said.contains("cAnArY"), "{said}");
        assert!(said.contains("--token-env"), "{said}");
        assert_eq!(config(&home), "", "nothing is written");
    }
}

#[test]
fn a_token_that_cannot_be_read_takes_no_place() {
    let home = Home::new();
    let base = "base=\"http://127.0.0.1:9\"";
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/good"), "a-token").unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(home.path().join("config/good"), private).unwrap();
    let said = connect(&home, &["slack", "--set", base, "--token-file", "good"]);
    assert!(said.contains("written to"), "{said}");
    let before = config(&home);
    let said = connect(&home, &["slack", "--token-env", "WARROOM_TEST_NOBODY_SETS_THIS"]);
    assert!(said.contains("nothing is written") && said.contains("is not set"), "{said}");
    assert_eq!(config(&home), before);
}

#[test]
fn settings_below_settings_and_tokens_of_other_programs_have_their_places() {
    let home = Home::new();
    let file = home.path().join("elsewhere");
    fs::write(&file, "a-token").unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let file = file.display().to_string();
    connect(
        &home,
        &["chat", "--set", "command=[\"/bin/false\"]", "--set", "service=chat", "--token-file", &file],
    );
    let written: toml::Table = config(&home).parse().unwrap();
    assert_eq!(written["client"]["chat"]["secrets"]["token"]["file"].as_str(), Some(file.as_str()));
    // Where a token comes from is replaced as a whole.
    connect(&home, &["chat", "--set", "token.env=USER"]);
    let written: toml::Table = config(&home).parse().unwrap();
    let token = written["client"]["chat"]["secrets"]["token"].as_table().unwrap();
    assert_eq!((token.len(), token["env"].as_str()), (1, Some("USER")));
    connect(
        &home,
        &[
            "slack",
            "--set",
            "base=\"http://127.0.0.1:9\"",
            "--set",
            "audiences.team/finance=C0FIN",
            "--set",
            "app_token.env=USER",
            "--token-file",
            &file,
        ],
    );
    let written: toml::Table = config(&home).parse().unwrap();
    assert_eq!(written["slack"]["audiences"]["team/finance"].as_str(), Some("C0FIN"));
    assert_eq!(written["slack"]["app_token"]["env"].as_str(), Some("USER"));
}
