"""Random projects with two branches, rebased by `limbeck rebase`: what it says of the order must be what real Alembic
finds when it runs both orders and the new chain.

    python rebase.py LIMBECK [FIRST_SEED [HOW_MANY]]

Prints each difference and ends with status 1 if there was one.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from random_revisions import ENV, INI, alembic_state, script

def lay_out(rng, folder):
    """Writes the project; the revisions, a random one of the branch, and the trunk's last."""
    versions = folder / "migrations/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    (folder / "migrations/env.py").write_text(ENV)
    first = ("op.create_table('accounts', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.Text()))\n"
             "    op.create_table('orders', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.Text()))\n"
             "    op.execute(\"INSERT INTO accounts (name) VALUES ('ada'), ('bob')\")")
    text = script(random.Random(0), "a0", None).split("def upgrade")[0]
    (versions / "a0.py").write_text(f"{text}def upgrade():\n    {first}\n\ndef downgrade():\n"
                                    "    op.drop_table('orders')\n    op.drop_table('accounts')\n")
    trunk, branch = ["a0"], []
    for number in range(rng.randint(1, 4)):
        trunk.append(f"t{number}")
        (versions / f"t{number}.py").write_text(script(rng, f"t{number}", trunk[-2]))
    start = rng.choice(trunk[:-1])
    for number in range(rng.randint(1, 4)):
        # Now and then the branch parts again.
        parent = (rng.choice(branch) if rng.random() < 0.2 else branch[-1]) if branch else start
        branch.append(f"b{number}")
        (versions / f"b{number}.py").write_text(script(rng, f"b{number}", parent))
    return branch, trunk[-1]


def heads_of(project, branch):
    followed = {line.split("=")[1].strip().strip("'\"") for name in branch
                for line in (project / f"migrations/versions/{name}.py").read_text().splitlines()
                if line.startswith("down_revision")}
    return [name for name in branch if name not in followed]


def compare(seed, limbeck, scratch):
    rng = random.Random(seed)
    project = Path(scratch) / f"project-{seed}"
    branch, onto = lay_out(rng, project)
    heads = heads_of(project, branch)
    last = alembic_state(project, scratch, [onto, *heads])
    first = alembic_state(project, scratch, [*heads, onto])
    words = ["rebase", rng.choice(branch)] + rng.choice([[], ["--onto", onto]])
    if len(heads) > 1 and "--onto" not in words:
        words += ["--onto", onto]
    run = lambda *more: subprocess.run([limbeck, *words, *more], cwd=project, capture_output=True, text=True)
    asked, done = run("--check"), run()
    chain = alembic_state(project, scratch, heads)
    fails = [one for one in (last, first) if isinstance(one, str)]
    if fails:
        return None if asked.returncode == done.returncode == 2 else f"Alembic fails ({fails}), it says: {asked.stdout}"
    if done.returncode != 0:
        return f"it refuses: {done.stderr}"
    if chain != last:
        return f"the new chain gives {chain}, the branch last gave {last}"
    expected = 0 if first == last else 1
    if asked.returncode != expected:
        return f"status {asked.returncode} instead of {expected}: {asked.stdout}{asked.stderr}\n{first}\n{last}"
    return None


def main():
    limbeck = os.path.abspath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(seed, seed + count):
            difference = compare(seed, limbeck, scratch)
            if difference:
                failed += 1
                print(f"seed {seed}: {difference}")
    print(f"{count} rebases, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
