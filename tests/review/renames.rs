//! Drops and additions that look like a rename.

use std::rc::Rc;

use limbeck::driver::Value;
use limbeck::ground::host::Host;
use limbeck::review::{Code, Database, Rows, Severity, Verdict, round_trip};

use super::{USERS, codes, only, users, with};

#[test]
fn a_column_that_looks_renamed() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('full_name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'name')",
        "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'full_name')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::LooksLikeRename);
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.evidence.as_ref().unwrap().total, 3);
    assert_eq!(finding.location.line, 14);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), ["renames-column"]);
    assert!(matches!(
        round_trip(&project.run(), &id, Rows::AtHand)
            .unwrap()
            .verdict,
        Verdict::Lossless
    ));
    assert_eq!(project.alembic("upgrade head"), 0);
    let rows = project.query("SELECT full_name FROM users ORDER BY id");
    assert_eq!(rows[1], [Value::from("Grace")]);
    assert_eq!(project.alembic("downgrade -1"), 0);
    assert_eq!(project.query("SELECT name FROM users").len(), 3);
}

#[test]
fn a_column_renamed_with_another_type_in_a_batch_and_out_of_it() {
    for batch in [false, true] {
        let mut project = users();
        let (up, down) = (
            "op.add_column('users', sa.Column('user_name', sa.Text(), nullable=False))\n\
             op.drop_column('users', 'name')",
            "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
             op.drop_column('users', 'user_name')",
        );
        let batched = |text: &str| {
            let lines: String = text
                .lines()
                .map(|line| {
                    format!(
                        "\n    batch_op.{}",
                        line.trim_start_matches("op.").replace("'users', ", "")
                    )
                })
                .collect();
            format!("with op.batch_alter_table('users', schema=None) as batch_op:{lines}\n")
        };
        let id = if batch {
            project.revision(&batched(up), &batched(down))
        } else {
            project.revision(up, down)
        };
        let review = project.review(&id);
        let finding = with(&review, Code::LooksLikeRename)
            .unwrap_or_else(|| panic!("{:#?}", review.findings));
        let mended = project.fixed(&review, finding);
        assert_eq!(codes(&mended), ["renames-column"], "{:#?}", mended.findings);
        assert_eq!(project.alembic("upgrade head"), 0);
        assert_eq!(project.query("SELECT user_name FROM users").len(), 3);
        assert_eq!(project.alembic("downgrade -1"), 0);
        let schema = Database::of_host(&(project.host.clone() as Rc<dyn Host>), "app.db").unwrap();
        assert_eq!(
            schema.tables().unwrap()[0]
                .column("name")
                .unwrap()
                .definition,
            "VARCHAR(50)"
        );
    }
}

#[test]
fn a_column_that_is_replaced_is_no_rename() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('member_since', sa.Date(), nullable=True))\n\
         op.drop_column('users', 'name')",
        "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'member_since')",
    );
    let review = project.review(&id);
    only(&review, Code::DropsData);
    // What the script carries over is not lost.
    let id = {
        project.write(
            "alembic/versions/r2_step.py",
            &project.read("alembic/versions/r2_step.py").replace(
                "    op.drop_column('users', 'name')",
                "    op.add_column('users', sa.Column('label', sa.String(length=50)))\n    \
                 op.execute('UPDATE users SET label = name')\n    op.drop_column('users', 'name')",
            )
            .replace(
                "    op.drop_column('users', 'member_since')",
                "    op.drop_column('users', 'member_since')\n    op.drop_column('users', 'label')",
            ),
        );
        id
    };
    let review = project.review(&id);
    assert_eq!(only(&review, Code::DropsData).severity, Severity::Note);
}

#[test]
fn a_table_that_looks_renamed() {
    let mut project = users();
    let people = USERS.0.replace("'users'", "'people'");
    let id = project.revision(
        &format!(
            "{people}\nop.create_index(op.f('ix_people_name'), 'people', ['name'])\n\
             op.drop_table('users')"
        ),
        &format!(
            "{}\nop.drop_index(op.f('ix_people_name'), table_name='people')\n\
             op.drop_table('people')",
            USERS.0
        ),
    );
    let review = project.review(&id);
    let finding = only(&review, Code::LooksLikeRename);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), ["renames-table"]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.query("SELECT * FROM people").len(), 3);
    assert_eq!(project.alembic("downgrade -1"), 0);
    assert_eq!(project.query("SELECT * FROM users").len(), 3);

    let mut project = users();
    let id = project.revision(
        "op.create_table('invoices', sa.Column('number', sa.Integer(), primary_key=True), \
         sa.Column('total', sa.Numeric(), nullable=False))\nop.drop_table('users')",
        &format!("{}\nop.drop_table('invoices')", USERS.0),
    );
    only(&project.review(&id), Code::DropsData);
}
