"""For developers: `python -m service.migrations.generate "Add a column"` writes the next migration."""

import sys
import tempfile

from service.database import open_database
from service.migrations import HEAD, commands


def main(message: str) -> None:
    """Compare the tables with those that the present migrations make, and write the difference."""
    if not message.strip():
        sys.exit('say what changes: make migration NAME="Add a column"')
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/anodeprint.db")
        commands.upgrade(database)
        path = commands.generate(database, message=message, revision_id=f"{int(HEAD) + 1:04}")
        database.close()
    sys.stdout.write(f"{path}\nRead it, try it on both engines, and set HEAD in service/migrations/__init__.py.\n")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
