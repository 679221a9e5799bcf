//! Each finding where it belongs and nowhere else.

use limbeck::driver::Value;
use limbeck::review::{Code, Ground, Rows, Severity, round_trip};

use super::{Project, USERS, codes, only, users, with};

#[test]
fn what_autogenerate_writes_is_no_alarm() {
    let mut project = Project::new();
    let first = project.revision(USERS.0, USERS.1);
    assert_eq!(codes(&project.review(&first)), [""; 0]);
    let second = project.revision(
        "op.add_column('users', sa.Column('email', sa.String(), nullable=True))\n\
         op.create_index(op.f('ix_users_email'), 'users', ['email'], unique=True)",
        "op.drop_index(op.f('ix_users_email'), table_name='users')\n\
         op.drop_column('users', 'email')",
    );
    assert_eq!(codes(&project.review(&second)), [""; 0]);
    assert_eq!(project.review(&second).ground, Ground::Here);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(codes(&project.review(&first)), [""; 0]);
    assert_eq!(codes(&project.review(&second)), [""; 0]);
    assert_eq!(project.review(&second).ground, Ground::TakenBack);
}

#[test]
fn data_that_a_drop_loses() {
    let mut project = users();
    let id = project.revision(
        "op.drop_column('users', 'age')",
        "op.add_column('users', sa.Column('age', sa.String(length=10), nullable=True))",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::DropsData);
    assert_eq!(finding.message, "Dropping users.age loses its 3 values.");
    assert_eq!(finding.target.as_deref(), Some("users.age"));
    project.sql("UPDATE users SET age = NULL");
    assert_eq!(codes(&project.review(&id)), [""; 0]);

    let mut project = users();
    let id = project.revision("op.execute('DROP TABLE users')", USERS.0);
    only(&project.review(&id), Code::DropsData);
}

#[test]
fn not_null_without_a_default() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('score', sa.Integer(), nullable=False))",
        "op.drop_column('users', 'score')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.evidence.as_ref().unwrap().total, 3);
    assert!(!finding.evidence.as_ref().unwrap().made);
    // Without rows it would still fail with one, and that is proven by one that is made.
    project.sql("DELETE FROM users");
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(finding.severity, Severity::Note);
    assert!(finding.evidence.as_ref().unwrap().made);
    project.sql("INSERT INTO users VALUES (1, 'Ada', '36')");
    let review = project.review(&id);
    let mended = project.fixed(&review, only(&review, Code::NotNullWithoutDefault));
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(
        project.query("SELECT score FROM users")[0],
        [Value::Integer(0)]
    );
}

#[test]
fn a_column_with_nulls_becomes_not_null() {
    let mut project = users();
    project.sql("UPDATE users SET name = NULL WHERE id = 2");
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), nullable=False)",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), nullable=True)",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(
        finding.evidence.as_ref().unwrap().rows,
        [[Value::Integer(2), Value::Null]]
    );
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
}

#[test]
fn unique_on_duplicates() {
    let mut project = users();
    let id = project.revision(
        "op.create_index('ix_users_name', 'users', ['name'], unique=True)",
        "op.drop_index('ix_users_name', table_name='users')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::UniqueOnDuplicates);
    let evidence = finding.evidence.as_ref().unwrap();
    assert_eq!(evidence.columns, ["id", "name"]);
    assert_eq!(evidence.total, 2);
    project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
    assert_eq!(codes(&project.review(&id)), [""; 0]);
}

#[test]
fn a_type_that_loses_values() {
    let mut project = users();
    let batch = |kind: &str, was: &str| {
        format!(
            "with op.batch_alter_table('users') as batch_op:\n    \
             batch_op.alter_column('age', existing_type={was}, type_={kind})"
        )
    };
    let id = project.revision(
        &batch("sa.Integer()", "sa.String(length=10)"),
        &batch("sa.String(length=10)", "sa.Integer()"),
    );
    let review = project.review(&id);
    let finding = only(&review, Code::TypeLosesValues);
    assert_eq!(
        finding.evidence.as_ref().unwrap().rows,
        [[Value::Integer(3), Value::from("old")]]
    );
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    assert_eq!(trip.verdict.word(), "loses data");
    project.sql("UPDATE users SET age = '7' WHERE id = 3");
    assert_eq!(codes(&project.review(&id)), [""; 0]);
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    assert_eq!(trip.verdict.word(), "lossless", "{trip:#?}");
}

#[test]
fn a_foreign_key_without_an_index() {
    let mut project = users();
    let id = project.revision(
        "op.create_table('posts', sa.Column('id', sa.Integer(), nullable=False), \
         sa.Column('user_id', sa.Integer(), nullable=True),\n\
         sa.ForeignKeyConstraint(['user_id'], ['users.id']), sa.PrimaryKeyConstraint('id'))",
        "op.drop_table('posts')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::ForeignKeyWithoutIndex);
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(codes(&project.fixed(&review, finding)), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.alembic("downgrade -1"), 0);
}

#[test]
fn a_constraint_without_a_name() {
    let mut project = users();
    project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.create_unique_constraint(None, ['name'])",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.drop_constraint(None, type_='unique')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::UnnamedConstraint);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.alembic("downgrade -1"), 0);
}

#[test]
fn a_constraint_that_has_no_name_in_the_database() {
    let mut project = Project::new();
    project.revision(
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), \
         sa.Column('a', sa.Integer()), sa.UniqueConstraint('a'))",
        "op.drop_table('t')",
    );
    assert_eq!(project.alembic("upgrade head"), 0);
    let id = project.revision(
        "with op.batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.drop_constraint(None, type_='unique')",
        "with op.batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.create_unique_constraint(None, ['a'])",
    );
    let review = project.review(&id);
    let finding = with(&review, Code::UnnamedConstraint).unwrap();
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0], "{:#?}", mended.findings);
    assert_eq!(project.alembic("upgrade head"), 0);
    project.sql("INSERT INTO t VALUES (1, 1), (2, 1)");
    let review = project.review(&id);
    assert_eq!(
        codes(&review),
        [""; 0],
        "the rows that repeat are not there any more"
    );
}

#[test]
fn an_enum_that_loses_names_and_texts_that_are_no_dates() {
    let mut project = users();
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), \
         type_=sa.Enum('Ada', 'Alan', name='who'))\n    \
         batch_op.alter_column('age', existing_type=sa.String(length=10), type_=sa.Date())",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.Enum('Ada', 'Alan', name='who'), \
         type_=sa.String(length=50))\n    \
         batch_op.alter_column('age', existing_type=sa.Date(), type_=sa.String(length=10))",
    );
    let review = project.review(&id);
    assert_eq!(
        codes(&review),
        ["type-loses-values"; 2],
        "{:#?}",
        review.findings
    );
    assert_eq!(review.findings[0].evidence.as_ref().unwrap().total, 1);
}

#[test]
fn alterations_that_need_batch_mode() {
    let cases = [
        (
            "op.alter_column('users', 'name', existing_type=sa.String(length=50), nullable=False)",
            "op.alter_column('users', 'name', existing_type=sa.String(length=50), nullable=True)",
        ),
        (
            "op.create_unique_constraint('uq_users_name', 'users', ['name'])",
            "op.drop_constraint('uq_users_name', 'users', type_='unique')",
        ),
        (
            "op.create_unique_constraint(None, 'users', ['name'])",
            "op.drop_constraint(None, 'users', type_='unique')",
        ),
        (
            "op.add_column('users', sa.Column('boss', sa.Integer(), \
             sa.ForeignKey('users.id'), nullable=True))\n\
             op.create_index('ix_users_boss', 'users', ['boss'])",
            "with op.batch_alter_table('users') as batch_op:\n    \
             batch_op.drop_index('ix_users_boss')\n    batch_op.drop_column('boss')",
        ),
    ];
    for (up, down) in cases {
        let mut project = users();
        project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
        let id = project.revision(up, down);
        let mut review = project.review(&id);
        assert!(with(&review, Code::NeedsBatch).is_some(), "{review:#?}");
        for _ in 0..3 {
            let Some(finding) = with(&review, Code::NeedsBatch).cloned() else {
                break;
            };
            review = project.fixed(&review, &finding);
        }
        assert_eq!(codes(&review), [""; 0], "{:#?}", review.findings);
        assert_eq!(project.alembic("upgrade head"), 0);
        assert_eq!(project.alembic("downgrade -1"), 0);
    }
    let mut project = users();
    let id = project.revision(
        "op.alter_column('users', 'name', new_column_name='full_name')",
        "op.alter_column('users', 'full_name', new_column_name='name')",
    );
    assert_eq!(codes(&project.review(&id)), ["renames-column"]);
}

#[test]
fn imports_that_are_there_or_not() {
    let mut project = users();
    project.write("app/__init__.py", "");
    project.write(
        "app/types.py",
        "import sqlalchemy as sa\nName = sa.String(20)\n",
    );
    project.write(
        "app/models.py",
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\
         class Base(DeclarativeBase): pass\n\
         class User(Base):\n    __tablename__ = 'users'\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n",
    );
    let id = project.revision_with(
        "from app.models import User\n",
        "op.add_column('users', sa.Column('a', app.types.Name, nullable=True))\n\
         op.add_column('users', sa.Column('b', sqlmodel.sql.sqltypes.AutoString(), nullable=True))",
        "op.drop_column('users', 'b')\nop.drop_column('users', 'a')",
    );
    let mut review = project.review(&id);
    let models = with(&review, Code::ModelsImported).unwrap();
    assert_eq!(models.location.line, 7);
    for _ in 0..2 {
        let missing = with(&review, Code::ImportMissing).unwrap().clone();
        review = project.fixed(&review, &missing);
    }
    only(&review, Code::ModelsImported);
    let text = project.read(&review.path);
    assert!(text.contains("import app.types\n") && text.contains("import sqlmodel\n"));
    project.write(
        &review.path,
        &text.replace("from app.models import User\n", ""),
    );
    assert_eq!(codes(&project.review(&id)), [""; 0]);
}

#[test]
fn several_heads() {
    let mut project = users();
    project.revision("pass", "pass");
    let text = project.read("alembic/versions/r2_step.py");
    project.write(
        "alembic/versions/other.py",
        &text.replace("revision = 'r2'", "revision = 'other'"),
    );
    only(&project.review("r2"), Code::SeveralHeads);
    assert_eq!(codes(&project.review("r1")), [""; 0]);
}
