use std::fs;

use server::settings::{Flags, Kind, LogForm, MasterKey, load, table};

use crate::support::settings;

#[test]
fn a_flag_wins_over_its_variable_that_over_the_file_and_that_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let addr = |flag: Option<&str>, variable: Option<&'static str>| {
        let flags = Flags { addr: flag.map(Into::into), ..Flags::default() };
        let env = |name: &str| (name == "WELLPOSED_ADDR").then(|| variable.map(Into::into)).flatten();
        let settings = load(&flags, Kind::Live, folder.path(), &env).unwrap();
        let shown = settings.shown.iter().find(|row| row.name == "addr").unwrap();
        (settings.addr.port(), shown.source.clone())
    };
    assert_eq!(addr(None, None), (3000, "default".into()));
    let file = folder.path().join("wellposed.toml");
    fs::write(&file, "addr = \"127.0.0.1:1\"\nreaders = 3\nlog = \"json\"\n").unwrap();
    assert_eq!(addr(None, None), (1, file.display().to_string()));
    assert_eq!(addr(None, Some("127.0.0.1:2")), (2, "WELLPOSED_ADDR".into()));
    assert_eq!(addr(None, Some("")).0, 1, "an empty variable is none");
    assert_eq!(addr(Some("127.0.0.1:3"), Some("127.0.0.1:2")), (3, "--addr".into()));
    let settings = settings(folder.path(), Flags::default());
    assert_eq!((settings.readers, settings.log), (3, LogForm::Json));
    assert_eq!(settings.base_url, "http://127.0.0.1:1", "follows the address");
}

#[test]
fn what_cannot_be_right_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |flags: Flags| load(&flags, Kind::Live, folder.path(), &|_| None).unwrap_err().0;
    let text = |text: &str| Some(text.to_owned());
    assert!(refused(Flags { addr: text("3000"), ..Flags::default() }).contains("addr (from --addr)"));
    assert!(refused(Flags { readers: text("none"), ..Flags::default() }).contains("readers"));
    assert!(refused(Flags { base_url: text("problems.example.org"), ..Flags::default() }).contains("https://"));
    assert!(refused(Flags { database_url: text("mysql://x"), ..Flags::default() }).contains("postgres://"));
    assert!(refused(Flags { smtp_url: text("http://x"), ..Flags::default() }).contains("smtp://"));
    assert!(refused(Flags { config: Some("none.toml".into()), ..Flags::default() }).contains("none.toml"));
    fs::write(folder.path().join("wellposed.toml"), "adress = \"127.0.0.1:1\"\n").unwrap();
    let told = refused(Flags::default());
    assert!(told.contains("`adress`") && told.contains("addr, data"), "{told}");
}

#[test]
fn the_environment_of_cargo_leptos_is_honoured() {
    let folder = tempfile::tempdir().unwrap();
    let env = |name: &str| (name == "LEPTOS_SITE_ROOT").then(|| "built/site".to_owned());
    let settings = load(&Flags::default(), Kind::Live, folder.path(), &env).unwrap();
    assert_eq!(settings.site_root, "built/site");
}

#[test]
fn what_is_in_force_is_shown_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let digits = "0123456789abcdef".repeat(4);
    let flags = Flags {
        database_url: Some("postgres://wellposed:swordfish@db.example.org/wellposed?sslmode=require".into()),
        smtp_url: Some("smtps://poster:sword%40fish@mail.example.org".into()),
        ..Flags::default()
    };
    let env = |name: &str| (name == "WELLPOSED_MASTER_KEY").then(|| digits.clone());
    let settings = load(&flags, Kind::Live, folder.path(), &env).unwrap();
    assert_eq!(settings.master_key, MasterKey::Digits(digits.clone()));
    for shown in [table(&settings.shown), format!("{:?} {:?}", settings.master_key, settings.smtp)] {
        for secret in ["swordfish", "sword%40fish", "sword@fish", digits.as_str()] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let shown = table(&settings.shown);
    assert!(shown.contains("postgres://wellposed:****@db.example.org/wellposed?sslmode=require"), "{shown}");
    assert!(shown.contains("smtps://poster:****@mail.example.org"), "{shown}");
}

#[test]
fn the_key_of_a_live_installation_is_never_in_its_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    for kind in [Kind::Live, Kind::Demo] {
        let settings = load(&Flags::default(), kind, folder.path(), &|_| None).unwrap();
        let MasterKey::File(path) = &settings.master_key else { panic!("a file") };
        assert!(!path.starts_with(settings.data.canonicalize().unwrap_or(settings.data.clone())), "{path:?}");
        fs::create_dir_all(&settings.data).unwrap();
        let again = load(&Flags::default(), kind, folder.path(), &|_| None).unwrap();
        assert_eq!(again.master_key, settings.master_key, "the same before and after the folder is made");
    }
}

/// The help is made from the same tables: no setting without its variable and default.
#[test]
fn the_help_tells_every_variable() {
    let help = server::cli::command().render_help().to_string();
    for row in settings(tempfile::tempdir().unwrap().path(), Flags::default()).shown {
        assert!(help.contains(&format!("WELLPOSED_{}", row.name.to_uppercase())), "{}", row.name);
    }
    server::cli::command().debug_assert();
}
