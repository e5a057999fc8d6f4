#!/bin/sh
# Write the changelog of galaxy.yml's version anew: its fragments, and all plugins and roles that came since the last.
set -eu
python - <<'PY'
import pathlib, yaml

version = yaml.safe_load(pathlib.Path("galaxy.yml").read_text())["version"]
path = pathlib.Path("changelogs/changelog.yaml")
# antsibull-changelog adds nothing to a version that is there already.
if path.exists():
    changelog = yaml.safe_load(path.read_text())
    changelog["releases"].pop(version, None)
    path.write_text(yaml.safe_dump(changelog))
PY
antsibull-changelog release --reload-plugins --cummulative-release
