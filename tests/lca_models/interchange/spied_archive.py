"""Write the project archive under a spy. Arguments: folder with the workbooks, the method's name as JSON."""

import json
import sys
from pathlib import Path

from lca_models.interchange.project import write_archive
from tests.lca_models.interchange import spy

seen = spy.watch()
folder = Path(sys.argv[1])
before = {one.name for one in folder.iterdir()}
content = write_archive(
    (folder / "inventory.xlsx").read_bytes(), (folder / "method.xlsx").read_bytes(), tuple(json.loads(sys.argv[2]))
)
beside = sorted({one.name for one in folder.iterdir()} - before)
(folder / "project.tar.gz").write_bytes(content)
hosts = list(seen)
sys.stdout.write("\n" + json.dumps({"hosts": hosts, "spy_works": spy.works(seen), "written_beside": beside}) + "\n")
