use super::*;

fn one(line: &str) -> Command {
    read(
        &line
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    )
}

#[test]
fn what_only_says_where_alembic_runs_is_understood() {
    for line in [
        "alembic upgrade head",
        "python -m alembic upgrade head",
        "python3.11 -u -m alembic.config upgrade head",
        "py -3 -m alembic upgrade head",
        r".\.venv\Scripts\python.exe -m alembic upgrade head",
        ".venv/bin/alembic upgrade head",
        "poetry run alembic upgrade head",
        "uv run --env-file .env python -m alembic upgrade head",
        "uvx --with psycopg2 alembic upgrade head",
        "pipenv run alembic upgrade head",
        "hatch run dev:alembic upgrade head",
        "docker compose exec backend alembic upgrade head",
        "docker-compose -f dev.yml run --rm -e A=b web python -m alembic upgrade head",
        "docker exec -it app alembic upgrade head",
        "kubectl exec -it pod -- alembic upgrade head",
        "heroku run -a app alembic upgrade head",
        "dotenv -f .env run -- alembic upgrade head",
        "sudo -u postgres alembic upgrade head",
    ] {
        assert_eq!(
            one(line),
            Command::Alembic(vec!["upgrade".into(), "head".into()]),
            "{line}"
        );
    }
    assert_eq!(
        one("env A=b alembic current"),
        Command::With(
            vec![("A".into(), "b".into())],
            Box::new(Command::Alembic(vec!["current".into()]))
        )
    );
    assert_eq!(
        one("$env:A = b"),
        Command::Export(vec![("A".into(), "b".into())])
    );
    assert_eq!(one("set A=b"), one("export A=b"));
}

#[test]
fn limbecks_own_commands_are_not_alembics() {
    let words = |line: &str| -> Vec<String> { line.split(' ').map(str::to_owned).collect() };
    for line in [
        "review head --rows generate",
        "rebase ab --onto cd",
        "squash base:ab",
        "test",
    ] {
        assert_eq!(
            one(&format!("limbeck {line}")),
            Command::Limbeck(words(line))
        );
        assert_eq!(
            one(&format!("alembic {line}")),
            Command::Alembic(words(line))
        );
    }
    assert_eq!(one("limbeck upgrade head"), one("alembic upgrade head"));
}

#[test]
fn scripts_of_the_project_run() {
    for (line, words) in [
        ("python seed.py --all", vec!["python", "seed.py", "--all"]),
        ("poetry run python3 -u seed.py", vec!["python", "seed.py"]),
        ("python -c print(1)", vec!["python", "-c", "print(1)"]),
        ("flask db upgrade", vec!["flask", "db", "upgrade"]),
        ("python -m flask db current", vec!["flask", "db", "current"]),
    ] {
        let words = words.into_iter().map(str::to_owned).collect();
        assert_eq!(one(line), Command::Alembic(words), "{line}");
    }
}

#[test]
fn the_rest_gets_an_honest_line() {
    for line in [
        "pg_dump app",
        "python",
        "pytest -x",
        "git commit -m x",
        "npm start",
        "pip install numpy",
        "docker ps",
        "frobnicate",
        "apt install x",
        "sed -i s/a/b/ f",
        "mysql -e x",
    ] {
        match one(line) {
            Command::Refused(message, 127) => assert!(
                !message.contains('\n') && message.contains(" "),
                "{message}"
            ),
            other => panic!("{line}: {other:?}"),
        }
    }
    for line in [
        "source .venv/bin/activate",
        r".\venv\Scripts\Activate.ps1",
        "python -m venv .venv",
        "pip install -r requirements.txt",
        "pip install alembic sqlalchemy>=2 psycopg2-binary",
        "poetry install",
        "uv sync",
        "docker compose up -d db",
    ] {
        assert!(
            matches!(one(line), Command::Note(_)),
            "{line}: {:?}",
            one(line)
        );
    }
}

#[test]
fn options_are_read() {
    assert_eq!(
        one("rm -rf a b"),
        Command::Files(
            FileCommand::Remove,
            Flags::from(['r', 'f']),
            vec!["a".into(), "b".into()]
        )
    );
    assert_eq!(
        one("rm -x a"),
        Command::Refused("rm: invalid option -- 'x'".into(), 2)
    );
    assert_eq!(one("rm"), Command::Refused("rm: missing operand".into(), 1));
    assert_eq!(
        one("head -3 f"),
        Command::Text(
            TextCommand::Head,
            Flags::new(),
            vec!["3".into(), "f".into()]
        )
    );
    assert_eq!(one("echo -n a b"), Command::Echo("a b".into()));
}

#[test]
fn servers_are_known_by_their_urls() {
    assert_eq!(
        server_of("postgresql://u:p@h/d"),
        Some(("PostgreSQL", "sqlite"))
    );
    assert_eq!(
        server_of("postgresql+asyncpg://u@h/d"),
        Some(("PostgreSQL", "sqlite+aiosqlite"))
    );
    assert_eq!(
        server_of("mysql+pymysql://u@h/d"),
        Some(("MySQL", "sqlite"))
    );
    assert_eq!(server_of("sqlite:///a.db"), None);
    assert_eq!(server_of("https://example.org"), None);
}
