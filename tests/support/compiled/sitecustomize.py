# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read by every Python that a test's ansible-playbook starts: what comes out of a zip file is compiled only once.

A module of Ansible comes to its process as a zip of sources, a hundred files that are compiled anew for each task; that
is a quarter of the task's time. The very same source gives the very same code, so it is kept for the next process. The
folder is the test process's own and goes with it (ansible_runs.py).
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys
import zipimport

FOLDER = os.environ.get("KEYLESS_COMPILED")


def once(compile_source):
    def get(pathname, source):
        inner = pathname.rpartition(".zip" + os.sep)[2]
        key = _imp.source_hash(len(source), inner.encode() + source).hex()
        kept = os.path.join(FOLDER, sys.implementation.cache_tag + "-" + key)
        try:
            with open(kept, "rb") as file:
                code = marshal.loads(file.read())
        except OSError:
            code = compile_source(pathname, source)
            keep(code, kept)
        else:
            _imp._fix_co_filename(code, pathname)
        return code

    return get


def keep(code, path):
    """Another process may do so at the same time; whoever is last wins, with the same content."""
    part = f"{path}.{os.getpid()}"
    try:
        with open(part, "wb") as file:
            file.write(marshal.dumps(code))
        os.replace(part, path)
    except OSError:  # the tests have ended meanwhile, and took the folder along
        pass


if FOLDER and hasattr(zipimport, "_compile_source"):
    zipimport._compile_source = once(zipimport._compile_source)
