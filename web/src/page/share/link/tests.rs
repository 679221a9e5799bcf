use super::*;

fn some() -> Shared {
    let mut shared = Shared {
        name: "A library".to_owned(),
        view: Some("database".to_owned()),
        file: Some("models.py".to_owned()),
        line: Some(3),
        revision: Some("8e5d27b46c10".to_owned()),
        tab: Some("review".to_owned()),
        thread: Some("t1".to_owned()),
        run: vec!["alembic upgrade head".to_owned()],
        ..Shared::default()
    };
    let files = &mut shared.workspace.files;
    files.insert(
        "models.py".to_owned(),
        Contents::Text("é = '<script>'\r\n".to_owned()),
    );
    files.insert("empty.py".to_owned(), Contents::Text(String::new()));
    files.insert(
        "a/app.db".to_owned(),
        to_wire(b"SQLite format 3\0\x10\0\xff"),
    );
    files.insert("b/other.bin".to_owned(), to_wire(b"\0\0{\xfe}"));
    shared.workspace.folders.push("a/versions".to_owned());
    shared.workspace.directory = "a".to_owned();
    shared
        .workspace
        .environment
        .insert("NAME".to_owned(), "a\nb".to_owned());
    shared
}

#[test]
fn what_is_written_is_read() {
    assert_eq!(read(&write(&some())), Ok(some()));
    assert_eq!(read(write_file(&some()).as_bytes()), Ok(some()));
    assert_eq!(read(&write(&Shared::default())), Ok(Shared::default()));
    let holds = holds(&some().workspace);
    assert_eq!((holds.files, holds.databases), (4, 1));
}

#[test]
fn a_fragment_is_ours_or_not() {
    assert_eq!(payload("#limbeck=1.abc"), Some(Ok("abc")));
    assert_eq!(payload("limbeck=1.abc"), Some(Ok("abc")));
    assert_eq!(payload("#limbeck=2.abc"), Some(Err(Refusal::Version)));
    for cut in ["#limbeck=1.", "#limbeck=1", "#limbeck=", "#limb"] {
        assert_eq!(payload(cut), Some(Err(Refusal::Cut)), "{cut}");
    }
    assert_eq!(payload("#models"), None);
    assert_eq!(payload(""), None);
    let long = format!("#limbeck=1.{}", "a".repeat(PAYLOAD_LIMIT + 1));
    assert_eq!(payload(&long), Some(Err(Refusal::Size)));
}

#[test]
fn hostile_documents_are_refused() {
    let with = |files: &str| format!(r#"{{"name":"x","files":{files}}}"#);
    let file = |path: &str| with(&serde_json::json!([[path, "text"]]).to_string());
    let cases: Vec<(String, Refusal)> = vec![
        (String::new(), Refusal::Document),
        ("[]".to_owned(), Refusal::Document),
        ("null".to_owned(), Refusal::Document),
        (r#"{"name":"x"}"#.to_owned(), Refusal::Document),
        (r#"{"name":7,"files":[]}"#.to_owned(), Refusal::Document),
        (r#"{"name":"x","name":"y","files":[]}"#.to_owned(), Refusal::Document),
        (r#"{"name":"x","files":[],"script":"alert(1)"}"#.to_owned(), Refusal::Document),
        (with("{}"), Refusal::Document),
        (with(r#"[["a.py",{"x":1}]]"#), Refusal::Document),
        (with(r#"[["a.py",-1]]"#), Refusal::Document),
        (with(r#"[["a.py",1.5]]"#), Refusal::Document),
        (with(r#"[["a.py",9]]"#), Refusal::Document),
        (with(r#"[["a.py"]]"#), Refusal::Document),
        (with(r#"[["a.py",{"base64":"*"}]]"#), Refusal::Base64),
        (with(&format!("[{}1", "[".repeat(100_000))), Refusal::Document),
        (file("../a.py"), Refusal::Path),
        (file("a/../../b"), Refusal::Path),
        (file("/etc/passwd"), Refusal::Path),
        (file("a//b"), Refusal::Path),
        (file("./a"), Refusal::Path),
        (file(""), Refusal::Path),
        (file("a\\b"), Refusal::Path),
        (file("a\nb"), Refusal::Path),
        (file("a\u{202e}yp.b"), Refusal::Path),
        (file(&"a".repeat(1_000)), Refusal::Path),
        (with(r#"[["a.py","1"],["a.py","2"]]"#), Refusal::Twice),
        (with(r#"[["a","1"],["a/b","2"]]"#), Refusal::Twice),
        (r#"{"name":"x","files":[["a","1"]],"directory":"a"}"#.to_owned(), Refusal::Twice),
        (r#"{"name":"x","files":[],"directory":"../x"}"#.to_owned(), Refusal::Path),
        (r#"{"name":"x","files":[],"folders":["/x"]}"#.to_owned(), Refusal::Path),
        (r#"{"name":"x\u0000","files":[]}"#.to_owned(), Refusal::Text),
        (serde_json::json!({"name": "x".repeat(1_000), "files": []}).to_string(), Refusal::Text),
        (r#"{"name":"x","files":[],"run":["ls\nrm -r ."]}"#.to_owned(), Refusal::Text),
        (r#"{"name":"x","files":[],"run":"ls"}"#.to_owned(), Refusal::Document),
        (serde_json::json!({"name": "x", "files": [], "run": vec!["ls"; 1_000]}).to_string(), Refusal::Text),
        (r#"{"name":"x","files":[],"environment":{"a b":"c"}}"#.to_owned(), Refusal::Text),
        (r#"{"name":"x","files":[],"limbeck":2}"#.to_owned(), Refusal::Version),
        (
            serde_json::json!({"name": "x", "files": (0..5_000).map(|n| (n.to_string(), "")).collect::<Vec<_>>()})
                .to_string(),
            Refusal::Count,
        ),
    ];
    for (text, refusal) in cases {
        let shown: String = text.chars().take(80).collect();
        assert_eq!(read(text.as_bytes()), Err(refusal), "{shown}");
    }
    assert_eq!(
        read(b"{\"name\":\"x\",\"files\":[]}\0more"),
        Err(Refusal::Document)
    );
    assert_eq!(read(b"\xff\xfe"), Err(Refusal::Document));
    assert_eq!(read(&vec![b' '; UNPACKED_LIMIT + 1]), Err(Refusal::Size));
}

#[test]
fn names_with_script_are_text_and_stay_so() {
    let document = r#"{"name":"<img src=x onerror=alert(1)>","files":[["<b>.py","</script>"]]}"#;
    let shared = read(document.as_bytes()).expect("it is well formed");
    assert_eq!(shared.name, "<img src=x onerror=alert(1)>");
    assert!(shared.workspace.files.contains_key("<b>.py"));
}

#[test]
fn an_address_is_read() {
    let read = |query: &str| {
        let pairs: BTreeMap<String, String> = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        address(|name| pairs.get(name).cloned())
    };
    let all =
        read("view=database&file=app/models.py:12&revision=ab&read-only&run=auto&example=shop");
    assert_eq!(all.view.as_deref(), Some("database"));
    assert_eq!(all.file, Some(("app/models.py".to_owned(), Some(12))));
    assert!(all.read_only);
    assert_eq!(all.run, When::Run);
    assert_eq!(
        read("file=models.py").file,
        Some(("models.py".to_owned(), None))
    );
    assert_eq!(read("run=yes&read-only=no"), Address::default());
    assert_eq!(read("run=open").run, When::Opened);
}
